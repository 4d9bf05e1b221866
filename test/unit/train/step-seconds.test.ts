import { expect, it } from "vitest";
import type { BatchSource } from "../../../src/data/batches.ts";
import { Linear, type Module } from "../../../src/nn/index.ts";
import { type Optimizer, sgd } from "../../../src/optim/index.ts";
import { Generator, keep, liveTensors, ones, type Tensor, zeros } from "../../../src/torch/index.ts";
import { Interrupted, stepSeconds } from "../../../src/train/index.ts";
import "../../support/one-thread.ts";

/** Says its name at every forward pass. */
class Said extends Linear {
  readonly #say: () => void;

  constructor(say: () => void) {
    super({ inFeatures: 2, outFeatures: 2 }, Generator.seeded(1));
    this.#say = say;
  }

  override forward(input: Tensor): Tensor {
    this.#say();
    return super.forward(input);
  }
}

const batch: BatchSource = { count: 3, take: () => ({ images: ones([3, 2]), labels: zeros([3], { dtype: "int64" }) }) };

it("times each model in turns, as often, and leaves weights and memory as they were", async () => {
  const said: string[] = [];
  using a = new Said(() => said.push("a"));
  using b = new Said(() => said.push("b"));
  using before = keep(a.weight.detach().clone());
  const live = liveTensors();
  const withState = (model: Module): Optimizer => sgd(model.namedParameters(), { lr: 0, momentum: 0.9 });
  const seconds = await stepSeconds([{ model: a }, { model: b }], batch, { optimizer: withState });
  expect(said.join("")).toBe("abababab");
  expect(seconds).toHaveLength(2);
  expect(seconds.every((value) => value > 0 && value < 10)).toBe(true);
  expect(a.weight.toArray()).toEqual(before.toArray());
  for (const model of [a, b]) model.zeroGrad();
  expect(liveTensors()).toBe(live);
});

it("stops when it is asked to", async () => {
  using model = new Said(() => undefined);
  await expect(stepSeconds([{ model }], batch, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(Interrupted);
});
