import { expect, it } from "vitest";
import { countNonzero, prunableWeights } from "../../../src/prune/prunable.ts";
import { noGrad } from "../../../src/torch/index.ts";
import { linearNet } from "../../support/linear-unlearning.ts";
import { tinyNet } from "../../support/tiny-net.ts";

it("lists convolution weights in model order, the classifier's only where asked for, never biases or normalisations", () => {
  const model = tinyNet();
  const convolutions = ["conv1.weight", "conv2.weight", "conv3.weight"];
  expect([...prunableWeights(model).keys()]).toEqual(convolutions);
  expect([...prunableWeights(model, "conv+linear").keys()]).toEqual([...convolutions, "fc.weight"]);
  expect(prunableWeights(model).get("conv2.weight")).toBe(model.namedParameters().get("conv2.weight"));
});

it("counts the entries that are not zero", () => {
  const model = linearNet("convolution");
  noGrad(() => model.namedParameters().get("conv.weight")?.select(0, 1).zero_());
  expect(countNonzero(model)).toEqual([
    { name: "conv.weight", shape: [5, 1, 3, 3], numel: 45, nonzero: 36 },
    { name: "fc.weight", shape: [3, 5], numel: 15, nonzero: 15 },
  ]);
});
