import { expect, it } from "vitest";
import { makeBaseSplit, withForgetSet } from "../../../src/data/split.ts";
import { forgetSetOf } from "../../../src/stages/forget-set-summary.ts";
import { labelsBy, splitDataset } from "../../support/split-dataset.ts";

it("counts what is forgotten of each class, and names the first three", () => {
  const dataset = splitDataset(
    labelsBy(40, (i) => i % 4),
    [0, 1, 2, 3],
    4,
  );
  const base = makeBaseSplit(dataset, { seed: 1 });
  const ids = base.indices.train.filter((index) => index % 4 > 1).slice(0, 5);
  const split = withForgetSet(base, { kind: "indices", indices: ids }, dataset);
  const counts = [2, 3].map((label) => ids.filter((index) => index % 4 === label).length);
  expect(forgetSetOf({ parent: { loaded: { dataset } as never }, split })).toMatchObject({
    count: 5,
    of: 36,
    scenario: expect.stringContaining("the 5 images listed in a list from a program") as string,
    classes: [
      { name: "2 (two)", count: counts[0], of: 9 },
      { name: "3 (three)", count: counts[1], of: 9 },
    ],
    first: ids.slice(0, 3).map((index) => `record-${index}`),
  });
});
