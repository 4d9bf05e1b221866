import { expect, it } from "vitest";
import { createModel } from "../../../../src/models/index.ts";
import { Generator, noGrad } from "../../../../src/torch/index.ts";
import { normalisedConvolutions, pruneWhileHarmless } from "../../../../src/unlearn/tools/channels.ts";
import { flatNet, imagesAround } from "../../../support/flat-net.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

it("pairs every convolution with its normalisation", () => {
  const normalize = { mean: [0, 0, 0], std: [1, 1, 1] };
  using model = createModel({ arch: "resnet20s", numClasses: 2, normalize }, Generator.seeded(1));
  const pairs = normalisedConvolutions(model, "clp");
  expect(pairs).toHaveLength(19);
  for (const { convolution, norm } of pairs) expect(norm.weight.numel).toBe(convolution.outChannels);
});

it("refuses a network that does not say which they are", () => {
  expect(thrownBy(() => normalisedConvolutions(flatNet([1, 1, 1, 1]), "clp")).message).toBe(
    "clp: expected a network that describes its convolutions, got flat without",
  );
});

it("stops pruning at the last step that clean images bear", () => {
  const rows = [...Array(10).keys()].map((i) => [i < 5 ? -1 : 1, 0, 0, 0]);
  const clean = imagesAround(
    rows,
    0,
    rows.map((_, i) => (i < 5 ? 0 : 1)),
  );
  const model = flatNet([1, 1, 1, 1]);
  const bias = model.namedParameters().get("fc.bias");
  const done: number[] = [];
  // From step 3 on everything is class 1: half of the images are wrong.
  const apply = (step: number): void => {
    done.push(step);
    noGrad(() => bias?.select(0, 1).fill_(step >= 3 ? 10 : 0));
  };
  expect(pruneWhileHarmless(model, clean, { steps: 5, tolerance: 0.2, apply })).toBe(2);
  expect(done).toEqual([1, 2, 3, 2]);
  expect(pruneWhileHarmless(model, clean, { steps: 5, tolerance: 0.5, apply })).toBe(5);
});
