import { expect, it } from "vitest";
import { makeBaseSplit, withForgetSet } from "../../../src/data/split.ts";
import { takeAlong } from "../../../src/data/take-along.ts";
import { splitReference } from "../../../src/record/split.ts";
import { labelsBy, splitDataset } from "../../support/split-dataset.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const dataset = splitDataset(
  labelsBy(20, (i) => i % 2),
  labelsBy(6, (i) => i % 2),
  2,
);
const base = makeBaseSplit(dataset, { seed: 1, validationFraction: 0.2 });
const split = withForgetSet(base, { kind: "random", count: 3 }, dataset);
const nothing = { retain: [], validation: [], test: [] };

it("forgets images of the training part, takes others out of what is measured, and notes how many", () => {
  const [retain, validation] = [split.indices.retain.slice(0, 2), split.indices.validation.slice(0, 1)];
  const taken = takeAlong(split, "copies", { retain, validation, test: [4] });
  expect(taken.indices.forget).toEqual([...split.indices.forget, ...retain].toSorted((a, b) => a - b));
  expect(taken.indices.retain).toEqual(split.indices.retain.slice(2));
  expect([taken.indices.train, taken.indices.leftOut]).toEqual([split.indices.train, validation]);
  expect([taken.indices.validation, taken.indices.test]).toEqual([split.indices.validation.slice(1), [0, 1, 2, 3, 5]]);
  expect(taken.along).toEqual({ copies: { train: 2, validation: 1, test: 1 } });
  expect([taken.baseHash, taken.hash === split.hash]).toEqual([base.baseHash, false]);
  expect(splitReference(taken).scenario).toBe("3 random images (seed 1), with 2 exact copies");
  const more = takeAlong(taken, "missing", { ...nothing, validation: split.indices.validation.slice(1, 2) });
  expect(more.indices.leftOut).toEqual(split.indices.validation.slice(0, 2));
  expect(more.baseHash).toBe(base.baseHash);
  const again = takeAlong(taken, "copies", { ...nothing, test: [5] });
  expect(again.along).toEqual({ copies: { train: 2, validation: 1, test: 2 } });
});

it("leaves the split as it is where there is nothing to take", () => {
  expect(takeAlong(split, "missing", nothing)).toBe(split);
});

it("refuses to take all that is retained", () => {
  expect(thrownBy(() => takeAlong(split, "copies", { ...nothing, retain: split.indices.retain }))).toMatchObject({
    code: "E_DATA",
    message: "copies taken along: expected images to be left to retain, got none",
  });
});
