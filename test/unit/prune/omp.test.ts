import { expect, it } from "vitest";
import { magnitudes, omp } from "../../../src/prune/omp.ts";
import { scope } from "../../../src/torch/index.ts";
import { linearNet } from "../../support/linear-unlearning.ts";

it("scores weights by their magnitude, those of the classifier only where they are asked for", () => {
  scope(() => {
    const model = linearNet("convolution");
    const parameters = model.namedParameters();
    expect([...magnitudes({ model }).keys()]).toEqual(["conv.weight"]);
    const scores = magnitudes({ model, layers: "conv+linear" });
    expect([...scores.keys()]).toEqual(["conv.weight", "fc.weight"]);
    for (const [name, score] of scores) {
      expect(score.toArray(), name).toEqual(parameters.get(name)?.toArray().map(Math.abs));
    }
  });
});

it("scores trained weights, in one step", () => {
  expect(omp.weights).toBe("trained");
  expect([omp.steps, omp.roundRate]).toEqual([undefined, undefined]);
});
