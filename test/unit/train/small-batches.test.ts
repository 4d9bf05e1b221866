import { expect, it } from "vitest";
import { Linear } from "../../../src/nn/index.ts";
import { Generator } from "../../../src/torch/index.ts";
import { smallBatchNote } from "../../../src/train/small-batches.ts";
import { tinyNet } from "../../support/tiny-net.ts";

it("tells how few images a normalisation sees, below eight", () => {
  const net = tinyNet();
  expect(smallBatchNote(net, 1)).toContain("from a single image in a step, fewer than 8");
  expect(smallBatchNote(net, 7)).toContain("from as few as 7 images in a step");
  expect(smallBatchNote(net, 8)).toBeUndefined();
});

it("has nothing to say of a model without normalisation", () => {
  expect(smallBatchNote(new Linear({ inFeatures: 2, outFeatures: 2 }, Generator.seeded(1)), 1)).toBeUndefined();
});
