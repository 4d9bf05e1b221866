import { describe, expect, it } from "vitest";
import { crossEntropy, Module } from "../../../src/nn/index.ts";
import { constant, sgd } from "../../../src/optim/index.ts";
import { Mask } from "../../../src/prune/index.ts";
import { SparseModel } from "../../../src/sparse/index.ts";
import { cat, Generator, keep, liveTensors, rand, scope, tensor, type Tensor } from "../../../src/torch/index.ts";
import { type FitOptions, sharpnessAware, Trainer } from "../../../src/train/index.ts";
import { linearContext } from "../../support/linear-unlearning.ts";
import { build, distance, imagesOf, labelsOf, maskOf } from "../../support/sparse-samples.ts";
import { TensorSource } from "../../support/tensor-source.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import "../../support/one-thread.ts";

const slopes = [3, -1, 0.5];
const start = [0.2, -1.5, 4];
const rho = 0.7;
const lr = 0.1;

/** Gives its weights [1, 3] whatever the image: two of them in one parameter, the third in another. */
class Bowl extends Module {
  constructor() {
    super();
    this.registerParameter("first", tensor(start.slice(0, 2), { dtype: "float64" }));
    this.registerParameter("second", tensor(start.slice(2), { dtype: "float64" }));
  }

  override forward(): Tensor {
    return cat(this.parameters()).unsqueeze(0);
  }

  get weights(): number[] {
    return this.parameters().flatMap((parameter) => parameter.toArray());
  }
}

/** ½ Σ aᵢ θᵢ², of gradient a ⊙ θ. */
const bowlLoss: FitOptions["loss"] = ({ logits_NK: weights }) =>
  weights
    .square()
    .mul(tensor(slopes, { dtype: "float64" }))
    .sum()
    .mul(0.5);

const onePixel = new TensorSource({
  images: tensor([0], { dtype: "float64" }).view([1, 1, 1, 1]),
  labels: tensor(new BigInt64Array(1)),
});

const generators = (): { order: Generator; augment: Generator } => ({
  order: Generator.seeded(1),
  augment: Generator.seeded(1),
});

function trainerOf(model: Module, more: { mask?: Mask; batchSize?: number } = {}): Trainer {
  return new Trainer({ model, generators: generators(), batchSize: 4, augment: false, shuffle: false, ...more });
}

/** Steps of plain SGD. */
function steps(model: Module, rate: number, more: Partial<FitOptions> = {}): FitOptions {
  return { epochs: 1, optimizer: sgd(model.parameters(), { lr: rate }), schedule: constant({ lr: rate }), ...more };
}

const norm = (values: readonly number[]): number => Math.hypot(...values);
const times = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value * (b[i] ?? NaN));

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  expect(norm(found.map((value, i) => value - (expected[i] ?? NaN)))).toBeLessThanOrEqual(1e-12);
}

describe("a sharpness-aware step", () => {
  const gradient = times(slopes, start);
  /** ε by the formula. */
  const moves = {
    plain: gradient.map((g) => (rho * g) / norm(gradient)),
    adaptive: gradient.map((g, i) => (rho * (start[i] ?? NaN) ** 2 * g) / norm(times(start, gradient))),
  };
  const after = (move: readonly number[]): number[] =>
    start.map((theta, i) => theta - lr * (slopes[i] ?? NaN) * (theta + (move[i] ?? NaN)));

  it.each(["plain", "adaptive"] as const)("goes down the gradient at the worst weights nearby, %s", async (form) => {
    const model = new Bowl();
    const trainer = trainerOf(model);
    const how = steps(model, lr, { loss: bowlLoss });
    await trainer.fit(onePixel, sharpnessAware(trainer, how, { rho, adaptive: form === "adaptive" }));
    expectClose(model.weights, after(moves[form]));
  });

  it("leaves what else changes gradients its say, at the weights themselves", async () => {
    const model = new Bowl();
    const trainer = trainerOf(model);
    const seen: number[][] = [];
    const afterBackward = (): void => {
      seen.push(model.weights);
      for (const parameter of model.parameters()) parameter.grad?.mul_(2);
    };
    const how = steps(model, lr / 2, { loss: bowlLoss, afterBackward });
    await trainer.fit(onePixel, sharpnessAware(trainer, how, { rho, adaptive: false }));
    expect(seen).toEqual([start]);
    expectClose(model.weights, after(moves.plain));
  });

  it("is a plain step where there is no gradient", async () => {
    const model = new Bowl();
    const trainer = trainerOf(model);
    const how = steps(model, lr, { loss: ({ logits_NK }) => logits_NK.sum().mul(0) });
    await trainer.fit(onePixel, sharpnessAware(trainer, how, { rho, adaptive: false }));
    expect(model.weights).toEqual(start);
  });

  it("puts the weights back as they were, bit for bit", async () => {
    const { model, retain } = linearContext({ kind: "convolution" });
    const before = model.parameters().map((parameter) => parameter.toArray());
    const trainer = trainerOf(model);
    await trainer.fit(retain, sharpnessAware(trainer, steps(model, 0), { rho: 0.3, adaptive: true }));
    expect(model.parameters().map((parameter) => parameter.toArray())).toEqual(before);
  });

  it("has no part where rho is 0, or nothing is asked for", () => {
    const model = new Bowl();
    const how = steps(model, lr);
    expect(sharpnessAware(trainerOf(model), how, { rho: 0, adaptive: true })).toBe(how);
    expect(sharpnessAware(trainerOf(model), how, undefined)).toBe(how);
  });

  it("leaves no tensor behind", async () => {
    const { model, retain } = linearContext({ kind: "convolution" });
    const trainer = trainerOf(model);
    const how = sharpnessAware(trainer, steps(model, 0.01), { rho, adaptive: true });
    await trainer.fit(retain, how);
    const live = liveTensors();
    await trainer.fit(retain, { ...how, epochs: 5 });
    expect(liveTensors()).toBe(live);
  });

  it.each([-1, Number.NaN, Infinity])("refuses rho %s", (bad) => {
    const model = new Bowl();
    const error = thrownBy(() => sharpnessAware(trainerOf(model), steps(model, lr), { rho: bad, adaptive: true }));
    expect(error.message).toMatch(/sharpness rho: expected a finite number >= 0/);
  });

  it("stops with a clear error, the weights as they were, when the loss nearby is not finite", async () => {
    const model = new Bowl();
    const trainer = trainerOf(model);
    const how = sharpnessAware(trainer, steps(model, lr, { loss: bowlLoss }), { rho: 1e200, adaptive: false });
    await expect(trainer.fit(onePixel, how)).rejects.toThrow(
      /expected a finite loss at the worst weights nearby, got \S+ at epoch 1, step 1 with rho 1e\+200/,
    );
    expect(model.weights).toEqual(start);
  });
});

describe("under a mask", () => {
  it("moves no other weight, in the second pass either, and counts none in the norm", async () => {
    const { model, retain } = linearContext({ kind: "convolution" });
    const name = "conv.weight";
    const weight = model.namedParameters().get(name) as Tensor;
    const mask = Mask.of(new Map([[name, rand(weight.shape, { generator: Generator.seeded(3) }).lt(0.4)]]));
    mask.apply(model);
    const dead = weight.toArray().map((value) => value === 0);
    expect(new Set(dead).size).toBe(2);
    const passes: number[][] = [];
    const trainer = trainerOf(model, { mask, batchSize: 16 });
    const loss: FitOptions["loss"] = ({ logits_NK, labels_N }) => {
      passes.push(model.parameters().flatMap((parameter) => parameter.toArray()));
      return crossEntropy(logits_NK, labels_N);
    };
    await trainer.fit(retain, sharpnessAware(trainer, steps(model, lr, { loss }), { rho, adaptive: false }));
    const [first = [], second = [], ...others] = passes;
    expect(others).toEqual([]);
    const move = second.map((value, i) => value - (first[i] ?? NaN));
    expect(Math.abs(norm(move) - rho)).toBeLessThan(1e-9);
    for (const state of [second, weight.toArray()]) {
      dead.forEach((isDead, i) => expect(state[i] === 0, `entry ${i}`).toBe(isDead));
    }
  });

  it.each([true, false])("is the same on live weights alone, adaptive %s", async (adaptive) => {
    const [dense, other] = [build("resnet20s"), build("resnet20s")];
    const mask = maskOf(dense);
    mask.apply(dense);
    const source = new TensorSource(scope(() => ({ images: keep(imagesOf(8, 16)), labels: keep(labelsOf(8)) })));
    const sparse = new SparseModel(other, mask);
    for (const [model, trainer] of [
      [dense, trainerOf(dense, { mask })],
      [sparse, trainerOf(sparse)],
    ] as const) {
      const optimizer = sgd(model.namedParameters(), { lr: 0.05, momentum: 0.9, weightDecay: 5e-4 });
      const how = { epochs: 2, optimizer, schedule: constant({ lr: 0.05 }) };
      await trainer.fit(source, sharpnessAware(trainer, how, { rho: 0.5, adaptive }));
    }
    const state = sparse.stateDict();
    for (const [name, value] of dense.stateDict()) {
      expect(distance(state.get(name) as Tensor, value), name).toBeLessThan(1e-7);
    }
  });
});
