/**
 * The sparse engine's kernels, each variant against ATen's dense operators: all tiles with their edges, remainders of the batch
 * and of the width, every way in which a shortcut enters.
 */
import { afterEach, describe, expect, it } from "vitest";
import { liveIndices, gather } from "../../src/sparse/live-weights.ts";
import type { ProgramStep } from "../../src/sparse/program.ts";
import {
  batchNorm,
  callOperator,
  constantPadNd,
  conv2d,
  Generator,
  getNumThreads,
  grad,
  liveTensors,
  maxPool2d,
  type NativeObject,
  noGrad,
  ones,
  rand,
  randn,
  scope,
  setNumThreads,
  sparseForward,
  sparseHasKernels,
  sparsePlan,
  type Tensor,
  zeros,
} from "../../src/torch/index.ts";
import { gradientError } from "../support/finite-difference.ts";
import { thrownBy } from "../support/thrown-by.ts";

type Convolution = Extract<ProgramStep, { out_channels: number }>;

const conv = (
  input: number,
  channels: number,
  kernel = 3,
  stride = 1,
  more: Partial<Convolution> = {},
): Convolution => ({ input, out_channels: channels, kernel_size: kernel, stride, projection: 0, ...more });
const pool: ProgramStep = { input: 1, kernel_size: 3, stride: 2, padding: 1 };
const isConvolution = (step: ProgramStep): step is Convolution => "out_channels" in step;

const programs: Record<string, readonly ProgramStep[]> = {
  "3x3": [conv(0, 5), conv(1, 7)],
  "3x3 of stride 2": [conv(0, 5), conv(1, 7, 3, 2)],
  "1x1": [conv(0, 5), conv(1, 7, 1)],
  "1x1 of stride 2": [conv(0, 5), conv(1, 7, 1, 2)],
  "a basic block": [conv(0, 6), conv(1, 6), conv(2, 6, 3, 1, { add_identity: 1 })],
  "a projection": [
    conv(0, 4),
    conv(1, 8, 3, 2),
    conv(1, 8, 1, 2, { projection: 1 }),
    conv(2, 8, 3, 1, { add_projection: 3 }),
    conv(4, 8),
    conv(5, 8, 3, 1, { add_identity: 4 }),
  ],
  "a bottleneck": [
    conv(0, 4),
    conv(1, 3, 1),
    conv(1, 12, 1, 2, { projection: 1 }),
    conv(2, 3, 3, 2),
    conv(4, 12, 1, 1, { add_projection: 3 }),
  ],
  "option A": [conv(0, 4), conv(1, 8, 3, 2), conv(2, 8, 3, 1, { add_zero_padded: 1 })],
  "a stem of 7x7": [conv(0, 6, 7, 2), pool, conv(2, 6), conv(3, 6, 3, 1, { add_identity: 2 })],
};

interface Values {
  readonly weights: Tensor[];
  readonly kept: Tensor[];
  readonly gamma: Tensor[];
  readonly beta: Tensor[];
  readonly mean: Tensor[];
  readonly variance: Tensor[];
  readonly images: Tensor;
  /** What the sum over features is weighted by. */
  readonly direction: Tensor;
}

interface Case {
  readonly steps: readonly ProgramStep[];
  readonly size: readonly [number, number];
  readonly batch: number;
  readonly density: number;
  readonly training: boolean;
}

function draw({ steps, size, batch, density }: Case, seed: number): Values {
  const generator = Generator.seeded(seed);
  const channels = [3];
  const values: Omit<Values, "images" | "direction"> = {
    weights: [],
    kept: [],
    gamma: [],
    beta: [],
    mean: [],
    variance: [],
  };
  for (const step of steps) {
    const inChannels = channels[step.input] ?? 0;
    channels.push(isConvolution(step) ? step.out_channels : inChannels);
    if (!isConvolution(step)) continue;
    const { out_channels: out, kernel_size: kernel } = step;
    const kept = rand([out, inChannels, kernel, kernel], { generator }).lt(density);
    // Never all alive nor all dead by chance alone: an output channel without weights, an input channel without readers.
    if (density > 0 && density < 1) for (const dimension of [0, 1]) kept.select(dimension, 0).zero_();
    const scale = Math.sqrt(2 / (Math.max(density, 0.05) * inChannels * kernel ** 2));
    values.kept.push(kept);
    values.weights.push(randn([out, inChannels, kernel, kernel], { generator, dtype: "float64" }).mul(scale).mul(kept));
    values.gamma.push(rand([out], { generator, dtype: "float64" }).add(0.5));
    values.beta.push(randn([out], { generator, dtype: "float64" }).mul(0.3));
    values.mean.push(randn([out], { generator, dtype: "float64" }).mul(0.1));
    values.variance.push(rand([out], { generator, dtype: "float64" }).add(0.5));
  }
  const images = randn([batch, 3, ...size], { generator, dtype: "float64" });
  return { ...values, images, direction: randn([batch, channels.at(-1) ?? 0], { generator, dtype: "float64" }) };
}

/** Features, running statistics after it, gradients of the live weights, gamma, beta; all in float64. */
type Outcome = Record<string, Tensor>;

function denseOutcome(
  { steps, training }: Case,
  values: Values,
  dtype: "float32" | "float64",
  stored: (value: Tensor) => Tensor = (value) => value,
): Outcome {
  const cast = (tensors: readonly Tensor[]): Tensor[] => tensors.map((t) => t.to(dtype).clone());
  const [weights, gamma, beta, mean, variance] = [
    cast(values.weights),
    cast(values.gamma),
    cast(values.beta),
    cast(values.mean),
    cast(values.variance),
  ];
  const trained = [...weights, ...gamma, ...beta];
  for (const tensor of trained) tensor.requiresGrad = true;
  const tensors = [stored(values.images.to(dtype))];
  let layer = 0;
  for (const step of steps) {
    const x = tensors[step.input] as Tensor;
    if (!isConvolution(step)) {
      tensors.push(maxPool2d(x, step.kernel_size, step.stride, step.padding, 1, false));
      continue;
    }
    const z = stored(conv2d(x, stored(weights[layer] as Tensor), null, step.stride, (step.kernel_size - 1) / 2, 1, 1));
    const [g, shift, m, v] = [gamma[layer], beta[layer], mean[layer], variance[layer]] as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    let y = batchNorm(z, g, shift, m, v, training, 0.1, 1e-5, false);
    layer++;
    const same = step.add_identity ?? step.add_projection;
    if (same !== undefined) y = y.add(tensors[same] as Tensor);
    if (step.add_zero_padded !== undefined) {
      const sampled = (tensors[step.add_zero_padded] as Tensor).slice(2, null, null, 2).slice(3, null, null, 2);
      const half = (step.out_channels - (sampled.shape[1] ?? 0)) / 2;
      y = y.add(constantPadNd(sampled, [0, 0, 0, 0, half, half], 0));
    }
    // What is normalised only where it is added is kept as it was before.
    tensors.push(step.projection === 1 ? y : stored(y.relu()));
  }
  const features = (tensors.at(-1) as Tensor).meanDim([2, 3]);
  const gradients = grad([features.mul(values.direction.to(dtype)).sum()], trained);
  const count = weights.length;
  return outcome(features, mean, variance, [
    ...gradients.slice(0, count).map((g, i) => gather(g, liveIndices(g.shape, values.kept[i] ?? null))),
    ...gradients.slice(count),
  ]);
}

function sparseOutcome(
  { steps, size, training }: Case,
  values: Values,
  dtype: "float32" | "float64",
  kernels: string,
): Outcome {
  const positions = values.weights.map((w, i) => liveIndices(w.shape, values.kept[i] ?? null));
  const plan = sparsePlan(
    [3, ...size],
    steps,
    positions,
    positions.map(() => 1e-5),
    kernels,
  );
  const live = values.weights.map((w, i) =>
    gather(w, positions[i] as Tensor)
      .to(dtype)
      .clone(),
  );
  const [gamma, beta, mean, variance] = [values.gamma, values.beta, values.mean, values.variance].map((list) =>
    list.map((t) => t.to(dtype).clone()),
  ) as [Tensor[], Tensor[], Tensor[], Tensor[]];
  for (const tensor of [...live, ...gamma, ...beta]) tensor.requiresGrad = true;
  const parameters = live.flatMap((weights, i) => [weights, gamma[i] as Tensor, beta[i] as Tensor]);
  const running = mean.flatMap((m, i) => [m, variance[i] as Tensor]);
  const images = values.images.to(dtype);
  const features = sparseForward(plan, images, parameters, running, training, 0.1);
  if (!training) {
    // Without a graph the passes are fused differently.
    const fused = noGrad(() => sparseForward(plan, images, parameters, running, false, 0.1));
    const near = kernels === "bfloat16" ? 1e-2 : dtype === "float64" ? 1e-9 : 1e-5;
    expect(distance(fused, features.detach().to("float64"))).toBeLessThan(near);
  }
  const gradients = grad([features.mul(values.direction.to(dtype)).sum()], [...live, ...gamma, ...beta]);
  return outcome(features, mean, variance, gradients);
}

function outcome(
  features: Tensor,
  mean: readonly Tensor[],
  variance: readonly Tensor[],
  gradients: readonly Tensor[],
): Outcome {
  const named = { features: [features], mean, variance, gradients };
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, list]) => list.map((t, i) => [`${name} ${i}`, t.detach().to("float64")])),
  );
}

/** ‖a - b‖ / max(‖b‖, 1e-3) */
function distance(a: Tensor, b: Tensor): number {
  return a.detach().to("float64").sub(b).norm().item() / Math.max(b.norm().item(), 1e-3);
}

const sizes: readonly (readonly [number, number])[] = [
  [4, 4],
  [8, 8],
  [16, 16],
  [7, 7],
  [14, 28],
  [5, 9],
  [12, 20],
  [32, 32],
];
const fillings: readonly (readonly [batch: number, density: number])[] = [
  [2, 0.3],
  [5, 1],
  [16, 0.2],
  [37, 0.1],
  [3, 0],
];

/** Statistics of one image alone may be of one value. */
const single = [1, 0.4] as const;

/** Kernels of this machine; "scalar" and "portable" every machine has. */
function available(): string[] {
  return ["scalar", "portable", "avx2", "avx512"].filter((name) => {
    try {
      scope(() => sparsePlan([1, 1, 1], [conv(0, 1)], [zeros([0], { dtype: "int64" })], [1e-5], name));
      return true;
    } catch {
      return false;
    }
  });
}

const variants = available();
const bfloat16 = sparseHasKernels("bfloat16");

/** Rounded to bfloat16, with the gradient of what it was. */
const toBfloat16 = (value: Tensor): Tensor =>
  value.add(value.detach().to("bfloat16").to(value.dtype).sub(value.detach()));

describe("sparse_forward", () => {
  it("has the two variants that need no instructions of one processor", () => {
    expect(variants).toEqual(expect.arrayContaining(["scalar", "portable"]));
  });

  describe.each(Object.entries(programs))("%s", (_name, steps) => {
    it("is in float64 what ATen computes", () => {
      for (const size of sizes.slice(0, 7)) {
        for (const [batch, density] of fillings) {
          for (const training of [true, false]) {
            scope(() => {
              const one: Case = { steps, size, batch, density, training };
              const values = draw(one, batch + size[1]);
              const [found, expected] = [
                sparseOutcome(one, values, "float64", "scalar"),
                denseOutcome(one, values, "float64"),
              ];
              for (const [name, value] of Object.entries(expected)) {
                // A channel that hardly varies is scaled up by 1 / sqrt(eps), and rounding with it.
                expect(
                  distance(found[name] as Tensor, value),
                  `${name} ${JSON.stringify({ size, batch, density })}`,
                ).toBeLessThan(1e-4);
              }
              expect(distance(found["features 0"] as Tensor, expected["features 0"] as Tensor)).toBeLessThan(1e-7);
            });
          }
        }
      }
    });

    it.each(variants)("is in float32 by %s as near to that as ATen's own float32", (kernels) => {
      for (const size of sizes) {
        for (const [batch, density] of [...fillings, single]) {
          scope(() => {
            // Running statistics: no division by a deviation that is nearly 0, so that every error is the kernels' own.
            const one: Case = { steps, size, batch, density, training: false };
            const values = draw(one, batch + size[1]);
            const exact = denseOutcome(one, values, "float64");
            const [found, aten] = [
              sparseOutcome(one, values, "float32", kernels),
              denseOutcome(one, values, "float32"),
            ];
            for (const [name, value] of Object.entries(exact)) {
              // One lane alone adds up thousands of values in a row for the gradients of a batch norm; more lanes share them.
              const oneLane = kernels === "scalar" && name.startsWith("gradients");
              const allowed = (oneLane ? 2e-4 : 1e-5) + 3 * distance(aten[name] as Tensor, value);
              expect(
                distance(found[name] as Tensor, value),
                `${name} ${JSON.stringify({ size, batch, density })}`,
              ).toBeLessThan(allowed);
            }
          });
        }
      }
    });
  });

  it.skipIf(!bfloat16).each(Object.entries(programs))("keeps bfloat16 and computes in float32: %s", (_name, steps) => {
    const means: number[] = [];
    for (const size of sizes) {
      for (const [batch, density] of [...fillings, single, [33, 0.5] as const]) {
        scope(() => {
          const one: Case = { steps, size, batch, density, training: false };
          const values = draw(one, batch + size[1]);
          const expected = denseOutcome(one, values, "float64", toBfloat16);
          const found = sparseOutcome(one, values, "float32", "bfloat16");
          const apart = Object.entries(expected).map(([name, value]) => ({
            name,
            by: distance(found[name] as Tensor, value),
          }));
          // Forward both round at the same places; a value between two neighbours may go either way. Backward gradients are rounded
          // too, and where a sum of few channels nearly cancels it shows: a few of thousands are above a tenth, the mean is far below.
          const gradients = apart.filter(({ name }) => name.startsWith("gradients"));
          const others = apart.filter(({ name }) => !name.startsWith("gradients"));
          const where = JSON.stringify({ size, batch, density });
          for (const { name, by } of others) expect(by, `${name} ${where}`).toBeLessThan(3e-3);
          for (const { name, by } of gradients) expect(by, `${name} ${where}`).toBeLessThan(0.25);
          means.push(gradients.reduce((sum, { by }) => sum + by, 0) / gradients.length);
        });
      }
    }
    expect(means.reduce((sum, mean) => sum + mean, 0) / means.length).toBeLessThan(8e-3);
  });

  it("has the gradient of its finite differences", () => {
    const steps = programs["a projection"] as readonly ProgramStep[];
    for (const training of [true, false]) {
      const one: Case = { steps, size: [5, 6], batch: 3, density: 0.4, training };
      const values = draw(one, 7);
      const positions = values.weights.map((w, i) => liveIndices(w.shape, values.kept[i] ?? null));
      const plan = sparsePlan(
        [3, 5, 6],
        steps,
        positions,
        positions.map(() => 1e-5),
        "scalar",
      );
      const parameters = values.weights.flatMap((w, i) => [
        gather(w, positions[i] as Tensor).clone(),
        values.gamma[i] as Tensor,
        values.beta[i] as Tensor,
      ]);
      const running = values.mean.flatMap((m, i) => [m, values.variance[i] as Tensor]);
      // Momentum 0: the function must not change while it is probed.
      const run = (): Tensor => sparseForward(plan, values.images, parameters, running, training, 0);
      expect(gradientError(run, parameters)).toBeLessThan(1e-6);
    }
  });

  it.each(variants)("gives zeros among the live weights their gradients, though it skips them, by %s", (kernels) => {
    for (const steps of Object.values(programs)) {
      scope(() => {
        const one: Case = { steps, size: [8, 8], batch: 5, density: 0.6, training: true };
        const values = draw(one, 11);
        const generator = Generator.seeded(12);
        // Every third weight stays, as after some epochs of proximal l1.
        for (const w of values.weights) w.mul_(rand(w.shape, { generator }).lt(0.3));
        const expected = denseOutcome(one, values, "float64");
        const got = sparseOutcome(one, values, kernels === "scalar" ? "float64" : "float32", kernels);
        for (const [name, value] of Object.entries(expected)) {
          const limit = name.startsWith("gradients") ? 1e-3 : 1e-5;
          expect(distance(got[name] as Tensor, value), name).toBeLessThan(kernels === "scalar" ? 1e-9 : limit);
        }
      });
    }
  });

  it.each(bfloat16 ? [...variants, "bfloat16"] : variants)(
    "gives the same bytes for any number of threads and every time, by %s",
    (kernels) => {
      const threads = getNumThreads();
      const one: Case = {
        steps: programs["a projection"] ?? [],
        size: [8, 8],
        batch: 37,
        density: 0.3,
        training: true,
      };
      const values = draw(one, 3);
      try {
        const [first, ...others] = [1, 2, 3, 1].map((count) => {
          setNumThreads(count);
          return Object.values(sparseOutcome(one, values, "float32", kernels)).map((t) => t.toArray());
        });
        for (const other of others) expect(other).toEqual(first);
      } finally {
        setNumThreads(threads);
      }
    },
  );

  it.each(variants)("does not lose the variance of values far from zero, by %s", (kernels) => {
    scope(() => {
      const generator = Generator.seeded(5);
      // 37 ends within a vector of every width, and some part of the sums has both whole and partly empty vectors.
      const images = randn([37, 1, 16, 16], { generator, dtype: "float64" }).add(1e4).to("float32");
      const positions = liveIndices([1, 1, 1, 1], null);
      const plan = sparsePlan([1, 16, 16], [conv(0, 1, 1)], [positions], [1e-5], kernels);
      const running = [zeros([1]), zeros([1])];
      noGrad(() => sparseForward(plan, images, [ones([1]), ones([1]), zeros([1])], running, true, 1));
      const [mean, variance] = running.map((t) => t.item());
      const exact = images.to("float64");
      expect(mean).toBeCloseTo(exact.mean().item(), 2);
      expect(
        Math.abs(
          (variance ?? NaN) /
            exact
              .sub(exact.mean())
              .square()
              .sum()
              .div(exact.numel - 1)
              .item() -
            1,
        ),
      ).toBeLessThan(1e-4);
    });
  });

  it("keeps a plan for the graphs made with it, and no longer", () => {
    const before = liveTensors();
    scope(() => {
      const plan = sparsePlan([1, 4, 4], [conv(0, 2)], [liveIndices([2, 1, 3, 3], null)], [1e-5]);
      const weights = ones([18]);
      weights.requiresGrad = true;
      const running = [zeros([2]), ones([2])];
      const run = (): Tensor =>
        sparseForward(plan, ones([1, 1, 4, 4]), [weights, ones([2]), ones([2])], running, true, 0);
      const expected = grad([run().square().sum()], [weights]).map((t) => t.toArray());
      const features = run();
      plan.dispose();
      plan.dispose();
      expect(grad([features.square().sum()], [weights]).map((t) => t.toArray())).toEqual(expected);
    });
    expect(liveTensors()).toBe(before);
  });

  it("lets several graphs be alive, and frees what they held", () => {
    scope(() => {
      const one: Case = { steps: programs["option A"] ?? [], size: [8, 8], batch: 4, density: 0.5, training: true };
      const values = draw(one, 1);
      const positions = values.weights.map((w, i) => liveIndices(w.shape, values.kept[i] ?? null));
      const plan = sparsePlan([3, 8, 8], one.steps, positions, [1e-5, 1e-5, 1e-5]);
      const parameters = values.weights.flatMap((w, i) =>
        [gather(w, positions[i] as Tensor), values.gamma[i] as Tensor, values.beta[i] as Tensor].map((t) =>
          t.to("float32").clone(),
        ),
      );
      for (const parameter of parameters) parameter.requiresGrad = true;
      const running = values.mean.flatMap((m, i) => [m.to("float32"), (values.variance[i] as Tensor).to("float32")]);
      const run = (images: Tensor): Tensor => sparseForward(plan, images.to("float32"), parameters, running, true, 0);
      const alone = grad([run(values.images).sum()], parameters).map((t) => t.toArray());
      const [first, second] = [run(values.images), run(values.images.mul(2))];
      grad([second.sum()], parameters);
      expect(grad([first.sum()], parameters).map((t) => t.toArray())).toEqual(alone);
    });
  });
});

describe("sparse_forward with unusable input", () => {
  const positions = liveIndices([2, 1, 3, 3], null);
  const plan = sparsePlan([1, 4, 4], [conv(0, 2)], [positions], [1e-5]);
  const parameters = [zeros([18]), ones([2]), zeros([2])];
  const running = [zeros([2]), ones([2])];
  const images = zeros([1, 1, 4, 4]);
  const run = (x: Tensor, values: Tensor[] = parameters): Tensor => sparseForward(plan, x, values, running, false, 0.1);
  afterEach(() => {
    images.requiresGrad = false;
  });

  it.each<[string, () => unknown, RegExp]>([
    ["images of another size", () => run(zeros([1, 1, 4, 5])), /expected images \[N, 1, 4, 4\], got \[1, 1, 4, 5\]/],
    [
      "a missing parameter",
      () => run(images, parameters.slice(1)),
      /expected 3 parameters and 2 running statistics, got 2/,
    ],
    [
      "weights of another mask",
      () => run(images, [zeros([17]), ...parameters.slice(1)]),
      /expected the weights of convolution 0/,
    ],
    [
      "a tensor that is no plan",
      () => sparseForward(zeros([1]) as unknown as NativeObject, images, parameters, running, false, 0.1),
      /argument plan: this object was disposed, or never was one/,
    ],
    [
      "an object of another class",
      () => {
        const other = callOperator("profiler::_record_function_enter_new", ["nothing"]) as NativeObject;
        return sparseForward(other, images, parameters, running, false, 0.1);
      },
      /argument plan: expected a SparsePlan, got another object/,
    ],
    [
      "a plan that was disposed, though another took its place",
      () => {
        const disposed = sparsePlan([1, 4, 4], [conv(0, 2)], [positions], [1e-5]);
        disposed.dispose();
        using _other = sparsePlan([1, 4, 4], [conv(0, 2)], [positions], [1e-5]);
        return sparseForward(disposed, images, parameters, running, false, 0.1);
      },
      /argument plan: this object was disposed, or never was one/,
    ],
    ["half precision", () => run(images.to("float16")), /expected float32 or float64 images/],
    ["unknown kernels", () => sparsePlan([1, 4, 4], [conv(0, 2)], [positions], [1e-5], "mmx"), /no kernels mmx/],
    [
      "positions out of order",
      () => sparsePlan([1, 4, 4], [conv(0, 2)], [positions.flip([0])], [1e-5]),
      /out of order/,
    ],
    [
      "a shortcut that does not fit",
      () =>
        sparsePlan(
          [1, 4, 4],
          [conv(0, 2), conv(1, 3, 3, 1, { add_identity: 1 })],
          [positions, positions],
          [1e-5, 1e-5],
        ),
      /does not fit/,
    ],
  ])("refuses %s", (_name, action, message) => {
    expect(thrownBy(action).message).toMatch(message);
  });

  const { projection: _, ...incomplete } = conv(0, 2);

  it.each<[string, Readonly<Record<string, number>>[], RegExp]>([
    ["a field missing", [incomplete], /step 1 has no field projection/],
    [
      "a field of another name",
      [{ ...conv(0, 2), kernelSize: 3 }],
      /step 1 has fields that it does not take: kernelSize/,
    ],
    ["a field of the other kind", [{ ...conv(0, 2), padding: 1 }], /does not take: padding/],
    ["a value that does not exist", [conv(0, 2, 3, 3)], /expected stride of step 1 from 1 to 2, got 3/],
    ["an even kernel", [conv(0, 2, 4)], /expected an odd kernel, got 4/],
    ["a tensor that is not made yet", [conv(1, 2)], /expected input of step 1 from 0 to 0, got 1/],
    [
      "two shortcuts",
      [conv(0, 2), conv(1, 2), conv(2, 2, 3, 1, { add_identity: 1, add_zero_padded: 1 })],
      /step 3 has two shortcuts/,
    ],
    ["a projection that nothing adds", [conv(0, 2, 1, 1, { projection: 1 })], /the last step is a projection/],
    [
      "a projection that is read",
      [conv(0, 2, 1, 1, { projection: 1 }), conv(1, 2)],
      /step 2 reads a projection, not its sum/,
    ],
    [
      "a projection that two steps add",
      [
        conv(0, 2, 1, 1, { projection: 1 }),
        conv(0, 2, 3, 1, { add_projection: 1 }),
        conv(2, 2, 3, 1, { add_projection: 1 }),
      ],
      /step 3 adds a projection that another step adds/,
    ],
    ["a number that is none", [{ ...conv(0, 2), stride: 0.5 }], /steps: stride: expected an integer, got 0.5/],
    ["no steps", [], /expected at least one step/],
  ])("refuses a program with %s", (_name, steps, message) => {
    expect(thrownBy(() => sparsePlan([1, 4, 4], steps, [positions], [1e-5])).message).toMatch(message);
  });

  it("refuses to differentiate by the images, and twice", () => {
    images.requiresGrad = true;
    expect(thrownBy(() => run(images)).message).toMatch(/images have no gradient here/);
  });
});
