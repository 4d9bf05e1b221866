import { describe, expect, it } from "vitest";
import { cleanseRecordSchema } from "../../../src/record/cleanse.ts";
import { cleanseRecord } from "../report/backdoor/made-up-cleanse.ts";
import { expectFits, expectRefused } from "./damage.ts";

describe("the record of a cleanse", () => {
  const record = cleanseRecord([0.99, 0.05], [0.94, 0.92]);

  it("fits, also where no attack is known and no list was read", () => {
    expectFits(cleanseRecordSchema, record);
    const { attack: _attack, suspects: _suspects, DER: _DER, ...unknown } = record;
    expectFits(cleanseRecordSchema, { ...unknown, trace: [], previews: [] });
  });

  it.each<[string, unknown]>([
    ["run.metrics.SA.value", 1.1],
    ["run.metrics.SA", undefined],
    ["before.sparsity", -0.1],
    ["DER.interval", [0.1]],
    ["suspects.truth.found", 1.5],
    ["previews.0.triggered.data", 7],
    ["trace.0.ASR", "high"],
    ["format", "coppice-run"],
  ])("is refused with another %s", (path, value) => expectRefused(cleanseRecordSchema, record, path, value));

  it("has no place for what the schema does not name", () => {
    expect(cleanseRecordSchema.safeParse({ ...record, extra: 1 }).success).toBe(false);
  });
});
