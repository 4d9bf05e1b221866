import { expect, it } from "vitest";
import { experimentRecordSchema, parseRecord } from "../../../src/record/index.ts";
import { madeUpExperiment } from "../report/experiment/made-up-experiment.ts";

const parse = (record: unknown): unknown =>
  parseRecord(experimentRecordSchema, JSON.stringify(record), "experiment.json");

it("is read as it was written", () => {
  expect(parse(madeUpExperiment())).toEqual(madeUpExperiment());
});

it.each([
  ["a verdict of another kind", { findings: [{ ...madeUpExperiment().findings[0], verdict: "probably" }] }],
  ["a figure that there is not", { figures: ["pie"] }],
  ["an unknown field", { colour: "green" }],
])("is refused with %s", (_, changes) => {
  expect(() => parse({ ...madeUpExperiment(), ...changes })).toThrow(/experiment\.json/);
});
