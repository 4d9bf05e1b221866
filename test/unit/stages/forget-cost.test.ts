import { describe, expect, it } from "vitest";
import { costCaution, costLine, estimateCost, type ForgetCost } from "../../../src/stages/forget-cost.ts";

const indices = (forget: number, retain: number): { train: number[]; forget: number[]; retain: number[] } => ({
  train: Array<number>(forget + retain).fill(0),
  forget: Array<number>(forget).fill(0),
  retain: Array<number>(retain).fill(0),
});
/** An original of 100 images that took 0.1 s for an image and step. */
const from = (epochs: number): Parameters<typeof estimateCost>[2] =>
  ({
    parent: { record: { result: { epochs, seconds: 0.1 * epochs * 100 } }, original: { recipe: { epochs } } },
    split: { indices: indices(10, 90) },
  }) as unknown as Parameters<typeof estimateCost>[2];
const finetune = { name: "finetune", needs: { start: "original", retain: true, forget: false } } as const;
const ascent = { name: "gradient-ascent", needs: { start: "original", retain: false, forget: true } } as const;
const costOf = (...args: Parameters<typeof estimateCost>): ForgetCost => estimateCost(...args) ?? expect.fail("none");

describe("the cost of forgetting", () => {
  it("is what the original took for an image and step, times the images that the method is given", () => {
    expect(costOf(finetune, { epochs: 10 }, from(3))).toEqual({
      epochs: 10,
      retrainEpochs: 3,
      seconds: expect.closeTo(90),
      retrainSeconds: expect.closeTo(27),
    });
    expect(costOf(ascent, { epochs: 10 }, from(3)).seconds).toBeCloseTo(10);
  });

  it("is not known of Retrain, of a method without epochs, and from an original that was not trained", () => {
    const retrain = { name: "retrain", needs: { start: "fresh", retain: true, forget: false } } as const;
    expect(estimateCost(retrain, { epochs: 3 }, from(3))).toBeUndefined();
    expect(estimateCost(finetune, { alpha: 3 }, from(3))).toBeUndefined();
    expect(estimateCost(finetune, { epochs: 3 }, from(0))).toBeUndefined();
  });

  it("is a line for the log, and a caution where Retrain costs less", () => {
    const cost = costOf(finetune, { epochs: 10 }, from(3));
    expect(costLine("finetune", cost)).toBe(
      "estimated from the original's training: about 90 s for finetune (10 epochs), about 27 s for Retrain (3 epochs)",
    );
    expect(costCaution("finetune", cost)).toBe(
      "finetune for 10 epochs costs more than Retrain for 3 epochs, about 3.3 times as much: Retrain forgets exactly, and --epochs makes finetune cheaper.",
    );
    expect(costLine("finetune", { ...cost, epochs: 1, seconds: 9, retrainSeconds: 600 })).toMatch(
      /about 9\.0 s for finetune \(1 epoch\), about 10 min/,
    );
  });

  it("is no caution where the method is cheaper, or as cheap", () => {
    for (const epochs of [1, 2, 3])
      expect(costCaution("finetune", costOf(finetune, { epochs }, from(3)))).toBeUndefined();
    expect(costCaution("finetune", undefined)).toBeUndefined();
  });
});
