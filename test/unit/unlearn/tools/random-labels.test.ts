/** Training under drawn labels against the golden trajectories, with the labels of the fixture, and the drawing itself. */
import { describe, expect, it } from "vitest";
import { constant, sgd } from "../../../../src/optim/index.ts";
import { Generator, scope, tensor, type Tensor } from "../../../../src/torch/index.ts";
import { type DrawLabels, randomLabels, trainOnLabels } from "../../../../src/unlearn/tools/random-labels.ts";
import { readGoldenTraining } from "../../../support/golden-training.ts";
import { expectState, storedLabels } from "../../../support/tiny-unlearning.ts";
import { readGoldenState } from "../../../support/tiny-net.ts";
import { tinyContext } from "../../../support/tiny-unlearning.ts";
import {
  combined,
  expectMatrix,
  gradientOf,
  headOf,
  linearContext,
  type Matrix,
  oneHot,
  rowsOf,
} from "../../../support/linear-unlearning.ts";

describe("random labels", () => {
  it.each([
    ["RL", "mixed"],
    ["RL_sequential", "sequential"],
  ] as const)("%s ends where the fixture ends", async (fixture, order) => {
    const { training, batchSize, tolerance } = readGoldenTraining(`unlearn/${fixture}.json`);
    const { epochs, lr } = training;
    const context = tinyContext({ batchSize });
    const optimizer = sgd(context.model.namedParameters(), training);
    const draw: DrawLabels = storedLabels();
    await trainOnLabels(context, { epochs, order }, draw, { optimizer, schedule: constant({ lr }) });
    expectState(context.model, readGoldenState(`unlearn/${fixture}.f64.safetensors`, "final/"), tolerance.float64);
  });
});

describe("drawing labels", () => {
  const true_M = (): Tensor => tensor(BigInt64Array.from({ length: 3000 }, (_, i) => BigInt(i % 3)));

  it("is uniform over all classes, the true one included", () => {
    scope(() => {
      const drawn = randomLabels(true_M(), 3, "any", Generator.seeded(1));
      const same = drawn.eq(true_M()).sum().item();
      expect(same).toBeGreaterThan(900);
      expect(same).toBeLessThan(1100);
      for (const label of [0, 1, 2]) expect(drawn.eq(label).sum().item()).toBeGreaterThan(900);
    });
  });

  it("leaves the true one out where asked", () => {
    scope(() => {
      const drawn = randomLabels(true_M(), 3, "other", Generator.seeded(1));
      expect(drawn.eq(true_M()).any().item()).toBe(0);
      for (const label of [0, 1, 2]) expect(drawn.eq(label).sum().item()).toBeGreaterThan(900);
    });
  });
});

describe("random labels of a linear classifier", () => {
  const lr = 0.3;
  /** What the drawn labels 2, 0, 1, 1 make of the forget data, and the retained data. */
  const settingOf = (order: "sequential" | "mixed"): { head: () => Matrix; run: () => Promise<Matrix>; data: Data } => {
    const context = linearContext();
    const { model, retain, forget } = context;
    const drawn = [2, 0, 1, 1];
    const data = { drawn: { x: rowsOf(model, forget).x, q: oneHot(drawn) }, retained: rowsOf(model, retain) };
    const optimizer = sgd(model.namedParameters(), { lr });
    const run = async (): Promise<Matrix> => {
      const labels: DrawLabels = () => tensor(BigInt64Array.from(drawn, BigInt));
      await trainOnLabels(context, { epochs: 1, order }, labels, { optimizer, schedule: constant({ lr }) });
      return headOf(model);
    };
    return { head: () => headOf(model), run, data };
  };
  type Data = Record<"drawn" | "retained", ReturnType<typeof rowsOf>>;

  it("takes a step on the forget data under the drawn labels, then one on the retained data", async () => {
    const { head, run, data } = settingOf("sequential");
    const start = head();
    const between = combined([1, start], [-lr, gradientOf(start, data.drawn)]);
    expectMatrix(await run(), combined([1, between], [-lr, gradientOf(between, data.retained)]));
  });

  it("takes one step on both where they are mixed", async () => {
    const { head, run, data } = settingOf("mixed");
    const start = head();
    const both = { x: [...data.drawn.x, ...data.retained.x], q: [...data.drawn.q, ...data.retained.q] };
    expectMatrix(await run(), combined([1, start], [-lr, gradientOf(start, both)]));
  });
});
