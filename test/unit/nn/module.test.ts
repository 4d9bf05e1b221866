import { afterAll, describe, expect, it } from "vitest";
import { BatchNorm2d, crossEntropy, Linear, Module, Sequential } from "../../../src/nn/index.ts";
import { Generator, liveTensors, noGrad, scope, tensor, zeros } from "../../../src/torch/index.ts";
import type { Tensor } from "../../../src/torch/index.ts";
import { CoppiceError } from "../../../src/util/errors.ts";
import { relativeError } from "../../support/compare.ts";
import { readGoldenTensors } from "../../support/golden.ts";
import type { GoldenTensor } from "../../support/golden.ts";
import { loadTinyNet, tinyData } from "../../support/tiny-net.ts";
import type { TinyDType } from "../../support/tiny-net.ts";

const generator = Generator.seeded(7);
afterAll(() => generator.dispose());

/** linear `a`, then children `b.0` (batch normalisation) and `b.1` (linear): enough to see an order. */
class Sample extends Module {
  readonly #a = this.registerModule("a", new Linear({ inFeatures: 2, outFeatures: 3 }, generator));
  readonly #b = this.registerModule("b", new Sequential(new BatchNorm2d(3), this.#last()));

  constructor() {
    super();
    this.registerParameter("scale", tensor([2]));
    this.registerBuffer("offset", tensor([0.5]));
  }

  override forward(input: Tensor): Tensor {
    const hidden = this.#a.call(input).mul(this.parameter("scale")).add(this.buffer("offset"));
    return this.#b.call(hidden);
  }

  #last(): Linear {
    return new Linear({ inFeatures: 3, outFeatures: 2, bias: false }, generator);
  }
}

const stateNames =
  "scale offset a.weight a.bias b.0.weight b.0.bias b.0.running_mean b.0.running_var b.0.num_batches_tracked b.1.weight".split(
    " ",
  );

function messageOf(fn: () => unknown): string {
  try {
    fn();
  } catch (error) {
    if (error instanceof CoppiceError && error.code === "E_CHECKPOINT") return error.message;
    throw error;
  }
  throw new TypeError("expected an error");
}

function copyOf(state: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  return noGrad(() => new Map([...state].map(([name, value]) => [name, value.clone()])));
}

describe("registration", () => {
  const sample = new Sample();

  it("lists own parameters, own buffers, then children, as PyTorch does", () => {
    expect([...sample.stateDict().keys()]).toEqual(stateNames);
    expect([...sample.namedParameters().keys()]).toEqual(stateNames.filter((n) => !/offset|running|tracked/.test(n)));
    expect([...sample.namedBuffers().keys()]).toEqual(stateNames.filter((n) => /offset|running|tracked/.test(n)));
    expect([...sample.namedModules().keys()]).toEqual(["", "a", "b", "b.0", "b.1"]);
  });

  it("makes parameters trainable and buffers not", () => {
    expect(sample.parameters().every((parameter) => parameter.requiresGrad)).toBe(true);
    expect([...sample.namedBuffers().values()].some((buffer) => buffer.requiresGrad)).toBe(false);
  });

  it("refuses a name twice or with a dot", () => {
    class Twice extends Module {
      constructor(...names: string[]) {
        super();
        for (const name of names) this.registerParameter(name, zeros([1]));
      }
      override forward(input: Tensor): Tensor {
        return input;
      }
    }
    expect(() => new Twice("x", "x")).toThrow("x is no free name");
    expect(() => new Twice("x.y")).toThrow("x.y is no free name");
  });

  it("keeps what was registered inside of a scope", () => {
    const layer = scope(() => new Linear({ inFeatures: 1, outFeatures: 1 }, generator));
    expect(layer.weight.isDisposed).toBe(false);
    layer.dispose();
    expect(layer.parameters().every((parameter) => parameter.isDisposed)).toBe(true);
  });
});

describe("train and eval", () => {
  it("reach every module", () => {
    const sample = new Sample();
    sample.eval();
    expect([...sample.namedModules().values()].map((module) => module.training)).toEqual(Array(5).fill(false));
    sample.train();
    expect([...sample.namedModules().values()].every((module) => module.training)).toBe(true);
  });
});

describe("call", () => {
  it("leaves only its result behind", () => {
    const layer = new Sequential(new Linear({ inFeatures: 2, outFeatures: 2 }, generator), new BatchNorm2d(2));
    const input = tensor([1, 2, 3, 5], { shape: [2, 2] });
    const before = liveTensors();
    const output = layer.call(input);
    expect(liveTensors()).toBe(before + 1);
    expect(output.shape).toEqual([2, 2]);
  });
});

describe("zeroGrad", () => {
  it("forgets gradients", () => {
    const layer = new Linear({ inFeatures: 2, outFeatures: 1 }, generator);
    layer.call(tensor([[1, 2]].flat(), { shape: [1, 2] })).backward();
    expect(layer.weight.grad?.toArray()).toEqual([1, 2]);
    layer.zeroGrad();
    expect(layer.weight.grad).toBeNull();
  });
});

describe("to", () => {
  it("converts floating-point tensors, keeps counters and trainability", () => {
    const sample = new Sample().to("float64");
    const types = [...sample.stateDict()].map(([name, value]) => [name, value.dtype]);
    const tracked = "b.0.num_batches_tracked";
    expect(types).toEqual(stateNames.map((name) => [name, name === tracked ? "int64" : "float64"]));
    expect(sample.parameters().every((parameter) => parameter.requiresGrad)).toBe(true);
  });

  it("keeps the very tensors when nothing changes", () => {
    const sample = new Sample();
    const before = [...sample.stateDict().values()];
    sample.to("float32").to("cpu");
    expect([...sample.stateDict().values()].every((value, i) => value === before[i])).toBe(true);
  });

  it("frees what it replaced", () => {
    const layer = new Linear({ inFeatures: 1, outFeatures: 1 }, generator);
    const before = liveTensors();
    layer.to("float64");
    expect(liveTensors()).toBe(before);
  });

  it("refuses an integer dtype", () => {
    const layer = new Linear({ inFeatures: 1, outFeatures: 1 }, generator);
    expect(() => layer.to("int64")).toThrow('Module.to: expected a floating-point dtype or a device, got "int64"');
  });
});

describe("loadStateDict", () => {
  it("copies every value and keeps tensors, types and trainability", () => {
    const source = new Sample();
    source.call(tensor([1, 2, 3, 5], { shape: [2, 2] }));
    const target = new Sample().to("float64");
    const before = target.parameters();
    target.loadStateDict(source.stateDict());
    expect(target.parameters().every((parameter, i) => parameter === before[i] && parameter.requiresGrad)).toBe(true);
    for (const [name, value] of target.stateDict()) {
      expect(value.toArray(), name).toEqual(source.stateDict().get(name)?.toArray());
      expect(value.dtype).toBe(name.endsWith("tracked") ? "int64" : "float64");
    }
    expect(target.stateDict().get("b.0.num_batches_tracked")?.item()).toBe(1);
  });

  it("lists everything that does not fit and changes nothing", () => {
    const sample = new Sample();
    const before = copyOf(sample.stateDict());
    const state = copyOf(new Sample().stateDict());
    state.delete("a.bias");
    state.delete("b.1.weight");
    state.set("head.weight", zeros([1]));
    state.set("a.weight", zeros([4, 2]));
    state.set("scale", zeros([]));
    state.set("b.0.num_batches_tracked", zeros([]));
    const message = messageOf(() => sample.loadStateDict(state));
    expect(message).toBe(
      [
        "Sample.loadStateDict: expected exactly the model's 10 entries, got 2 missing:",
        "  a.bias",
        "  b.1.weight",
        "1 unexpected:",
        "  head.weight",
        "3 of another shape or type:",
        "  scale: expected [1], got []",
        "  a.weight: expected [3, 2], got [4, 2]",
        "  b.0.num_batches_tracked: expected int64, got float32",
      ].join("\n"),
    );
    for (const [name, value] of sample.stateDict()) expect(value.toArray()).toEqual(before.get(name)?.toArray());
  });
});

describe("small network, forward and backward", () => {
  const fixture = readGoldenTensors("base/forward_backward.safetensors");
  const tolerance: Record<TinyDType, number> = { float64: 1e-9, float32: 1e-4 };
  const expected = (name: string): GoldenTensor =>
    fixture.get(name) ?? { dtype: "float64", shape: [0], data: new Float64Array() };

  it.each([
    ["eval", "float64"],
    ["eval", "float32"],
    ["train", "float64"],
    ["train", "float32"],
  ] as const)("in %s mode and %s: logits, loss, gradients, statistics", (mode, dtype) => {
    const net = loadTinyNet("theta_o", dtype).train(mode === "train");
    const { images, labels } = tinyData("retain", dtype);
    const logits = net.call(images.narrow(0, 0, 32));
    const loss = crossEntropy(logits, labels.narrow(0, 0, 32));
    loss.backward();
    const errors: Record<string, number> = {
      logits: relativeError(logits, expected(`${mode}/logits`)),
      loss: relativeError(loss, expected(`${mode}/loss`)),
    };
    for (const [name, parameter] of net.namedParameters()) {
      errors[name] = relativeError(parameter.grad ?? [], expected(`${mode}/grad/${name}`));
    }
    const running = [...net.namedBuffers()].filter(([name]) => name.includes("running"));
    for (const [name, value] of mode === "train" ? running : []) {
      errors[name] = relativeError(value, expected(`train/after/${name}`));
    }
    expect(Object.keys(errors)).toHaveLength(mode === "train" ? 19 : 13);
    for (const [name, error] of Object.entries(errors)) expect(error, name).toBeLessThanOrEqual(tolerance[dtype]);
  });
});
