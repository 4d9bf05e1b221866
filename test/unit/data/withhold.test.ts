import { expect, it } from "vitest";
import { makeBaseSplit, withForgetSet } from "../../../src/data/split.ts";
import { withholdRetained } from "../../../src/data/withhold.ts";
import { readSplit, splitReference, writeSplit } from "../../../src/record/split.ts";
import { labelsBy, splitDataset } from "../../support/split-dataset.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const dataset = splitDataset(
  labelsBy(100, (i) => i % 4),
  labelsBy(20, (i) => i % 4),
  4,
);
const split = withForgetSet(
  makeBaseSplit(dataset, { seed: 1, validationFraction: 0.2 }),
  { kind: "class", classes: [3] },
  dataset,
);

it("takes the same share of every retained class, and keeps all else", () => {
  const { indices, baseHash, hash } = withholdRetained(split, dataset, { share: 0.2, seed: 1 });
  const { withheld = [], retain } = indices;
  expect([0, 1, 2, 3].map((label) => withheld.filter((index) => index % 4 === label).length)).toEqual([4, 4, 4, 0]);
  expect([...withheld, ...retain].toSorted((a, b) => a - b)).toEqual(split.indices.retain);
  expect([indices.forget, indices.validation, baseHash]).toEqual([
    split.indices.forget,
    split.indices.validation,
    split.baseHash,
  ]);
  expect(hash).not.toBe(split.hash);
});

it("draws by its seed", () => {
  const of = (seed: number): readonly number[] | undefined =>
    withholdRetained(split, dataset, { share: 0.2, seed }).indices.withheld;
  expect(of(1)).toEqual(of(1));
  expect(of(1)).not.toEqual(of(2));
});

it("is written, read and counted with the split", () => {
  const path = `${temporaryFolder()}/split.json`;
  const made = withholdRetained(split, dataset, { share: 0.2, seed: 1 });
  writeSplit(path, made);
  expect(readSplit(path)).toEqual(made);
  expect(splitReference(made).counts).toMatchObject({ retain: 48, withheld: 12, train: 80 });
  expect(splitReference(split).counts).not.toHaveProperty("withheld");
});

it.each([0, 1, -0.5, NaN, 0.001, 0.99])("refuses a share of %s, which takes nothing or everything", (share) => {
  expect(() => withholdRetained(split, dataset, { share, seed: 1 })).toThrow(
    /withhold: expected a share between 0 and 1/,
  );
});
