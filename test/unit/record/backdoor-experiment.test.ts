import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type BackdoorExperimentRecord,
  backdoorExperimentRecordSchema,
} from "../../../src/record/backdoor-experiment.ts";
import { expectFits, expectRefused } from "./damage.ts";

/** A committed one, with lists of suspects. */
const file = new URL("../../../docs/results/suspects/backdoor-experiment.json", import.meta.url);
const record = JSON.parse(readFileSync(file, "utf8")) as BackdoorExperimentRecord;

describe("the record of a backdoor experiment", () => {
  it("fits, also with a cell whose jobs all failed", () => {
    expectFits(backdoorExperimentRecordSchema, record);
    const empty = { attack: "sig", sparsity: 0, label: "FT", options: {}, repetitions: [] };
    expectFits(backdoorExperimentRecordSchema, { ...record, cells: [empty] });
  });

  it.each<[string, unknown]>([
    ["cells.0.sparsity", 1],
    ["cells.0.suspects.known", 2],
    ["cells.0.repetitions.0.before.ASR", undefined],
    ["cells.0.repetitions.0.intervals.DER", [0.5]],
    ["searches.0.candidates", []],
    ["findings", [{ attack: "badnets", claim: "a", published: "b", ours: "c", verdict: "perhaps" }]],
    ["ratio", 1.5],
  ])("is refused with another %s", (path, value) => {
    expect(record.searches.length).toBeGreaterThan(0);
    expectRefused(backdoorExperimentRecordSchema, record, path, value);
  });
});
