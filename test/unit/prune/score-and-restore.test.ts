import { expect, it } from "vitest";
import type { Model } from "../../../src/models/index.ts";
import { scoreAndRestore } from "../../../src/prune/score-and-restore.ts";
import { liveTensors, noGrad, ones } from "../../../src/torch/index.ts";
import { tinyNet } from "../../support/tiny-net.ts";

const valuesOf = (model: Model): [string, string, number[]][] =>
  [...model.stateDict()].map(([name, value]) => [name, value.dtype, value.toArray()]);

/** Changes everything that is to be restored. */
function change(model: Model): void {
  model.to("float64");
  model.eval();
  noGrad(() => model.stateDict().forEach((value) => void (value.dtype === "float64" && value.add_(1))));
}

it("restores weights, running statistics, dtype and mode, and returns the scores", () => {
  const model = tinyNet();
  const before = valuesOf(model);
  const live = liveTensors();
  const scores = scoreAndRestore(model, () => {
    change(model);
    return new Map([["conv1.weight", ones([2])]]);
  });
  expect(valuesOf(model)).toEqual(before);
  expect(model.training).toBe(true);
  expect(scores.get("conv1.weight")?.toArray()).toEqual([1, 1]);
  for (const score of scores.values()) score.dispose();
  expect(liveTensors()).toBe(live);
});

it("restores the model also when the scoring throws", () => {
  const model = tinyNet().eval();
  const before = valuesOf(model);
  const failing = (): never => {
    change(model);
    model.train();
    throw new Error("no scores");
  };
  expect(() => scoreAndRestore(model, failing)).toThrow("no scores");
  expect(valuesOf(model)).toEqual(before);
  expect(model.training).toBe(false);
});
