import { expect, it } from "vitest";
import { withForgetSet, makeBaseSplit } from "../../../src/data/split.ts";
import { DataContext } from "../../../src/stages/index.ts";
import { testPart } from "../../../src/stages/data-context.ts";
import { BlindDataContext } from "../../../src/tune/blind-data.ts";

const config = { name: "embedded", allowUnverified: false, numTrain: 20, numTest: 10 };

it("has no test images, and the split it gives has no test part", async () => {
  using inner = Object.assign(new DataContext(), { [Symbol.dispose]: () => inner.dispose() });
  const seen = await inner.load(config, "cpu", () => undefined);
  const blind = await new BlindDataContext(inner).load(config, "cpu", () => undefined);
  expect(blind.train).toBe(seen.train);
  expect(blind.dataset).toMatchObject({ digest: seen.dataset.digest, test: { count: 10 } });
  expect([blind.dataset.test.images.length, blind.dataset.test.labels.length]).toEqual([0, 0]);
  expect(blind.dataset.test.ids(0)).toBe(seen.dataset.test.ids(0)); // a list of ids is understood as by forget
  expect(() => blind.test).toThrow(/expected no look at test images/);
  const base = makeBaseSplit(seen.dataset, { seed: 1 });
  const split = withForgetSet(base, { kind: "class", classes: [0] }, blind.dataset);
  expect([split.indices.test, split.baseHash]).toEqual([[], base.baseHash]);
  expect(() => testPart(blind, split)).toThrow(/expected no look at test images/);
});
