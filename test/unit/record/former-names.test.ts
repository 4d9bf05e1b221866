import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { formerFiles, withPresentFormat } from "../../../src/record/former-names.ts";
import { backdoorExperimentRecordSchema, parseRecord, recordSchemas } from "../../../src/record/index.ts";

const file = new URL("../../../docs/results/figure6/backdoor-experiment.json", import.meta.url);

it("reads a backdoor experiment that was written as cleansing.json", () => {
  const today = readFileSync(file, "utf8");
  const before = today.replace('"coppice-backdoor-experiment"', '"coppice-cleansing"');
  expect(before).not.toBe(today);
  expect(parseRecord(backdoorExperimentRecordSchema, before, "cleansing.json")).toEqual(JSON.parse(today));
});

it("knows today's name of every former file", () => {
  expect(Object.values(formerFiles).filter((name) => !(name in recordSchemas))).toEqual([]);
});

it("leaves alone what has no former name, and what is no record", () => {
  expect(withPresentFormat({ format: "coppice-cleanse-series", n: 1 })).toEqual({
    format: "coppice-cleanse-comparison",
    n: 1,
  });
  for (const value of [{ format: "coppice-run" }, { a: 1 }, null, 3]) expect(withPresentFormat(value)).toBe(value);
});
