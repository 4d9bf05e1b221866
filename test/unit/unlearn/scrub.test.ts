/** SCRUB's two steps against the golden ones, and the order of its passes. */
import { describe, expect, it, vi } from "vitest";
import { constant, sgd } from "../../../src/optim/index.ts";
import { Linear } from "../../../src/nn/index.ts";
import { arange, Generator } from "../../../src/torch/index.ts";
import type { BatchSource } from "../../../src/data/batches.ts";
import { disobey, obey, scrub } from "../../../src/unlearn/scrub.ts";
import { score } from "../../../src/train/index.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { loadTinyState, readGoldenState } from "../../support/tiny-net.ts";
import { expectState, tinyContext } from "../../support/tiny-unlearning.ts";
import {
  combined,
  expectHead,
  gradientOf,
  headOf,
  linearContext,
  type Matrix,
  probabilities,
  rowsOf,
} from "../../support/linear-unlearning.ts";

const file = "extras/SCRUB.f64.safetensors";
const { settings, recommended_tolerance } = readGoldenJson<{
  readonly settings: Record<"T" | "alpha" | "gamma" | "lr" | "momentum" | "weight_decay" | "batch", number>;
  readonly recommended_tolerance: { readonly float64: number };
}>("extras/SCRUB.json");
const options = { temperature: settings.T, alpha: settings.alpha, gamma: settings.gamma };

/** The first batch of the fixture alone. */
function firstBatch(source: BatchSource): BatchSource {
  const count = settings.batch;
  return { count, take: (_positions, augment) => source.take(arange(0, count, 1, { dtype: "int64" }), augment) };
}

describe("SCRUB", () => {
  it("climbs and descends as in the fixture", async () => {
    const { model, trainer, forget, retain, copy } = tinyContext();
    using teacher = copy();
    // The fixture's student has taken a step before.
    loadTinyState(model, readGoldenState(file, "shift/"));
    const { lr, momentum, weight_decay: weightDecay } = settings;
    const optimizer = sgd(model.namedParameters(), { lr, momentum, weightDecay });
    const how = { epochs: 1, optimizer, schedule: constant({ lr }) };
    await trainer.fit(firstBatch(forget), { ...how, loss: (step) => disobey(teacher, step, options) });
    expectState(model, readGoldenState(file, "after_max/"), recommended_tolerance.float64);
    await trainer.fit(firstBatch(retain), { ...how, loss: (step) => obey(teacher, step, options) });
    expectState(model, readGoldenState(file, "after_min/"), recommended_tolerance.float64);
  });
});

describe("SCRUB with rewinding", () => {
  it("ends with the epoch whose error on the forget data is nearest to the last one's on held-out images", async () => {
    const context = tinyContext();
    const settled = { ...options, epochs: 4, maxEpochs: 4, lr: 0.02, momentum: 0.9, weightDecay: 0 };
    const said: string[] = [];
    await scrub.run({ ...context, log: (line) => void said.push(line) }, { ...settled, rewind: "validation" });
    const errorOf = (epoch: number, source: BatchSource): number => {
      const other = tinyContext().model;
      other.loadStateDict(context.snapshots.load(`epoch${epoch}`));
      return 1 - score(other, source).accuracy;
    };
    const wanted = errorOf(4, context.validation);
    const errors = [1, 2, 3, 4].map((epoch) => errorOf(epoch, context.forget));
    const gaps = errors.map((error) => Math.abs(error - wanted));
    const best = gaps.lastIndexOf(Math.min(...gaps)) + 1;
    expect(new Set(errors).size).toBeGreaterThan(1);
    expectState(context.model, context.snapshots.load(`epoch${best}`), 0);
    expect(said).toEqual([expect.stringContaining(`back to epoch ${best} of 4`)]);
  });

  it("looks at held-out images only when it rewinds", () => {
    expect([scrub.needsValidation?.({ rewind: "none" }), scrub.needsValidation?.({ rewind: "validation" })]).toEqual([
      false,
      true,
    ]);
  });
});

describe("the passes of SCRUB", () => {
  it("climb in the first epochs only, and descend in each", async () => {
    const fit = vi.fn(async (_source: BatchSource) => ({}));
    const [forget, retain] = [{ count: 1 }, { count: 2 }];
    const model = new Linear({ inFeatures: 1, outFeatures: 1 }, Generator.seeded(1));
    const context = { model, forget, retain, trainer: { fit }, copy: () => ({ [Symbol.dispose]: () => undefined }) };
    const settled = { ...options, rewind: "none", epochs: 3, maxEpochs: 2, lr: 0.1, momentum: 0.9, weightDecay: 0 };
    await scrub.run(context as never, settled);
    expect(fit.mock.calls.map(([source]) => source.count)).toEqual([1, 2, 1, 2, 2]);
    expect(() =>
      scrub.check?.({ ...settled, maxEpochs: 4 }, { wholeClasses: true, share: 0.1, count: 1, masked: [], layers: 20 }),
    ).toThrow(/maxEpochs/);
  });
});

describe("SCRUB of a linear classifier", () => {
  it("climbs on the divergence from the original and descends on it and the cross-entropy, by the formula", async () => {
    const context = linearContext();
    const { model, retain, forget } = context;
    const [lr, temperature, alpha, gamma] = [0.2, 2, 0.5, 0.9];
    const [kept, gone, teacher] = [rowsOf(model, retain), rowsOf(model, forget), headOf(model)];
    // ∂/∂z of T² KL(q ‖ softmax(z / T)) is T (p - q).
    const divergence = (head: Matrix, x: Matrix): Matrix => {
      const scaled = head.map((row) => row.map((value) => value / temperature));
      return combined([temperature, gradientOf(scaled, { x, q: probabilities(teacher, x, temperature) })]);
    };
    let expected = teacher;
    for (let epoch = 0; epoch < 3; epoch++) {
      if (epoch < 2) expected = combined([1, expected], [lr, divergence(expected, gone.x)]);
      const terms = [
        [-lr * gamma, gradientOf(expected, kept)],
        [-lr * alpha, divergence(expected, kept.x)],
      ] as const;
      expected = combined([1, expected], ...terms);
    }
    const settings = { epochs: 3, maxEpochs: 2, lr, momentum: 0, weightDecay: 0, rewind: "none" };
    await scrub.run(context, { ...settings, temperature, alpha, gamma });
    expectHead(model, expected);
  });
});
