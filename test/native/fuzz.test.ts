/** Whatever the public interface is fed: a normal result or a CoppiceError, never another error, never a crash. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as torch from "../../src/torch/index.ts";
import * as operators from "../../src/torch/operators.generated.ts";
import { parseSchema, visible } from "../../scripts/generate-operators.ts";
import { CoppiceError } from "../../src/util/index.ts";
import { wrapperSchemas } from "./wrapper-schemas.ts";

const settings = { seed: 2024, numRuns: 15 } as const;

/** Runs `action` in a scope; anything but a result or a CoppiceError escapes. Uses the result, so that laziness hides nothing. */
function attempt(action: () => unknown): void {
  const before = torch.liveTensors();
  try {
    torch.scope(() => {
      const result = action();
      for (const item of Array.isArray(result) ? result : [result]) {
        if (item instanceof torch.Tensor && !item.isDisposed && item.numel < 1000) item.toArray();
      }
    });
  } catch (error) {
    if (!(error instanceof CoppiceError)) throw error;
    expect(error.message).not.toBe("");
  }
  expect(torch.liveTensors()).toBe(before);
}

const shapes = [[], [0], [1], [3], [2, 3], [3, 3], [2, 3, 4], [1, 3, 5, 5], [2, 4, 3, 3], [2, 0, 3], [2, 2, 2, 2, 2]];

interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: torch.DType;
  readonly fill: number | undefined;
  readonly kind: "plain" | "transposed" | "trained" | "disposed";
}

const generator = torch.Generator.seeded(1);

function build({ shape, dtype, fill, kind }: TensorSpec): torch.Tensor {
  const made = torch.randint(0, 5, shape, { generator }).to(dtype);
  if (fill !== undefined) made.fill_(fill);
  if (kind === "disposed") made.dispose();
  if (kind === "trained" && dtype.startsWith("float")) made.requiresGrad = true;
  return kind === "transposed" && shape.length > 1 ? made.transpose(0, 1) : made;
}

// Values are made when used, inside of the scope: a thunk each.
type Thunk = () => unknown;
const thunk = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<Thunk> => arbitrary.map((value) => () => value);

/** What belongs nowhere. Sizes between those of small tests and those that no machine has are left out: they would only fill memory. */
const nonsense: fc.Arbitrary<Thunk> = thunk(
  fc.constantFrom<unknown>(
    ...[undefined, null, NaN, Infinity, -Infinity, -1, 0.5, 2 ** 53, -(2 ** 53), 2 ** 60, 1e300, 2 ** 48],
    ...[2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n, "", "x", "1", true, Symbol("s"), (): number => 1],
    ...[{}, { id: NaN }, { id: 2 ** 48 + 1 }, { id: "x" }, [], [[]], [null], [undefined], ["x"], [[[[]]]]],
    ...[new Float32Array(2), new Map(), Object.create(null), generator, { toString: null }, new Date(0)],
  ),
);

const tensors: fc.Arbitrary<Thunk> = fc
  .record({
    shape: fc.constantFrom(...shapes),
    dtype: fc.constantFrom<torch.DType>(
      "float32",
      "float32",
      "float64",
      "int64",
      "uint8",
      "bool",
      "float16",
      "bfloat16",
    ),
    fill: fc.constantFrom(undefined, undefined, undefined, 0, -1, NaN, Infinity),
    kind: fc.constantFrom<TensorSpec["kind"]>("plain", "plain", "plain", "plain", "transposed", "trained", "disposed"),
  })
  .map((spec) => () => build(spec));

const plan = (): torch.NativeObject => {
  const step = { input: 0, out_channels: 1, kernel_size: 1, stride: 1, projection: 0 };
  return torch.sparsePlan([3, 5, 5], [step], [torch.zeros([3], { dtype: "int64" })], [1e-5]);
};

const smallIntegers = fc.integer({ min: -3, max: 5 });
const plain: Record<string, fc.Arbitrary<Thunk>> = {
  Tensor: tensors,
  int: thunk(smallIntegers),
  SymInt: thunk(smallIntegers),
  float: thunk(fc.constantFrom(0, 1, -1, 0.5, 1e-5, 3, NaN)),
  Scalar: thunk(fc.constantFrom<unknown>(0, 1, -1, 0.5, 2, NaN, -Infinity)),
  bool: thunk(fc.boolean()),
  str: thunk(fc.constantFrom("", "floor", "cuda:7", "aten::", "aten::relu")),
  Device: thunk(fc.constantFrom("cpu", "cuda", "cuda:-1", "x")),
  ScalarType: thunk(fc.constantFrom("float32", "int64", "bool", "float", "toString")),
  MemoryFormat: thunk(fc.constantFrom("contiguous", "preserve", "channelsLast", "last")),
  Generator: thunk(fc.constant(generator)),
  "Dict(str, int)": thunk(
    fc.dictionary(fc.constantFrom("input", "out_channels", "kernel_size", "stride", "projection", "x"), smallIntegers),
  ),
  "__torch__.torch.classes.coppice.SparsePlan": fc.constantFrom(plan, () => {
    const disposed = plan();
    disposed.dispose();
    return disposed;
  }),
};

/** Mostly what a parameter of `type` takes, sometimes anything else. */
function argument(type: string): fc.Arbitrary<Thunk> {
  const list = /^(.*)\[\d*\]$/.exec(type)?.[1];
  let fitting = plain[type];
  if (type.endsWith("?")) fitting = fc.oneof(thunk(fc.constant(null)), argument(type.slice(0, -1)));
  else if (list !== undefined) {
    fitting = fc.array(argument(list), { maxLength: 4 }).map((items) => () => items.map((item) => item()));
  }
  if (fitting === undefined) throw new TypeError(`no values for ${type}`);
  return fc.oneof({ weight: 9, arbitrary: fitting }, { weight: 1, arbitrary: nonsense });
}

describe("operators", () => {
  it.each(wrapperSchemas())("$wrapper", ({ wrapper, operator, schema }) => {
    const call = operators[wrapper as keyof typeof operators] as (...args: unknown[]) => unknown;
    const values = visible(parseSchema(operator, schema).parameters).map(({ type }) => argument(type));
    const cut = fc.integer({ min: 1, max: values.length * 3 }); // a third of the calls have too few arguments
    const property = fc.property(fc.tuple(...values), cut, (thunks, count) => {
      attempt(() => call(...thunks.slice(0, count).map((make) => make())));
    });
    fc.assert(property, settings);
  });
});

describe("everything else", () => {
  type Call = (...args: never[]) => unknown;
  const x = (): torch.Tensor => torch.ones([2, 3]);
  const calls: [name: string, call: Call, ...types: string[]][] = [
    [
      "tensor",
      (data: number[], shape: number[], dtype: torch.DType) => torch.tensor(data, { shape, dtype }),
      "int[]",
      "int[]",
      "ScalarType",
    ],
    [
      "fromTypedArray",
      (shape: number[], dtype: torch.DType) => torch.fromTypedArray(new Float32Array(6), shape, dtype),
      "int[]",
      "ScalarType",
    ],
    ["fromTypedArray of anything", (data: Uint8Array) => torch.fromTypedArray(data, [2]), "int"],
    [
      "zeros",
      (shape: number[], dtype: torch.DType, device: string) => torch.zeros(shape, { dtype, device }),
      "int[]",
      "ScalarType",
      "str",
    ],
    ["full", (shape: number[], value: number) => torch.full(shape, value), "int[]", "Scalar"],
    ["empty", (shape: number[]) => torch.empty(shape), "int[]"],
    ["eye", (n: number) => torch.eye(n), "int"],
    ["arange", (from: number, to: number, step: number) => torch.arange(from, to, step), "int", "int", "int"],
    [
      "rand",
      (shape: number[], given: torch.Generator) => torch.rand(shape, { generator: given }),
      "int[]",
      "Generator",
    ],
    ["randn", (shape: number[], dtype: torch.DType) => torch.randn(shape, { generator, dtype }), "int[]", "ScalarType"],
    [
      "randint",
      (low: number, high: number, shape: number[]) => torch.randint(low, high, shape, { generator }),
      "int",
      "int",
      "int[]",
    ],
    ["randperm", (n: number) => torch.randperm(n, { generator }), "int"],
    ["Generator.seeded", (seed: number, device: string) => torch.Generator.seeded(seed, device), "int", "str"],
    ["setState", (state: Uint8Array) => torch.Generator.seeded(0).setState(state), "int"],
    ["to", (target: string) => x().to(target), "ScalarType"],
    ["requiresGrad", (value: boolean) => (x().requiresGrad = value), "bool"],
    ["grad", (gradient: torch.Tensor) => (x().grad = gradient), "Tensor"],
    [
      "backward",
      (output: torch.Tensor, gradient: torch.Tensor) => output?.sum?.().backward(gradient),
      "Tensor",
      "Tensor",
    ],
    ["grad()", (of: torch.Tensor[], by: torch.Tensor[]) => torch.grad(of, by), "Tensor[]", "Tensor[]"],
    ["setNumThreads", (count: number) => torch.setNumThreads(count), "int"],
    ["checkDevice", (device: string) => torch.checkDevice(device), "str"],
    ["callOperator", (name: string) => torch.callOperator(name, [x()]), "str"],
    [
      "callOperator's arguments",
      (first: torch.Tensor, second: number) => torch.callOperator("aten::sum.dim_IntList", [first, [second]]),
      "Tensor",
      "int",
    ],
    ["dtypeCode", (dtype: torch.DType) => torch.dtypeCode(dtype), "ScalarType"],
  ];

  it.each(calls)("%s", (_, call, ...types) => {
    const threads = torch.getNumThreads();
    const property = fc.property(fc.tuple(...types.map(argument)), (thunks) => {
      attempt(() => (call as (...args: unknown[]) => unknown)(...thunks.map((make) => make())));
    });
    try {
      fc.assert(property, { ...settings, numRuns: 100 });
    } finally {
      torch.setNumThreads(threads);
    }
  });

  it("decodeSafetensors", () => {
    const header = fc.oneof(
      fc.json(),
      fc.string(),
      fc.constant('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'),
    );
    const property = fc.property(
      header,
      fc.uint8Array({ maxLength: 8 }),
      fc.bigInt({ min: -2n, max: 2n }),
      (text, data, lie) => {
        const json = Buffer.from(text);
        const size = Buffer.alloc(8);
        size.writeBigInt64LE(BigInt(json.length) + lie);
        attempt(() => [...torch.decodeSafetensors(Buffer.concat([size, json, data]), "file").tensors.values()]);
      },
    );
    fc.assert(property, { ...settings, numRuns: 500 });
  });
});
