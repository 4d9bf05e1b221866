import { describe, expect, it } from "vitest";
import { suiteRecordSchema } from "../../../src/record/suite.ts";
import { suiteRecord } from "../report/made-up-records.ts";

describe("suite record", () => {
  it("fits two scenarios of ten models", () => {
    const suite = suiteRecord();
    expect(suiteRecordSchema.parse(JSON.parse(JSON.stringify(suite)))).toEqual(suite);
  });

  it("refuses a suite without scenarios, and one whose evaluation is damaged", () => {
    expect(suiteRecordSchema.safeParse({ ...suiteRecord(), scenarios: [] }).success).toBe(false);
    const [first] = suiteRecord().scenarios;
    const damaged = { ...first, evaluations: [{ ...first?.evaluations[0], metrics: {} }] };
    expect(suiteRecordSchema.safeParse({ ...suiteRecord(), scenarios: [damaged] }).success).toBe(false);
  });
});
