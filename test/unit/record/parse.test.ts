import { describe, expect, it } from "vitest";
import { checkRecord, parseEvaluationRecord, parseMetricLines, parseRunRecord } from "../../../src/record/parse.ts";
import { runRecordSchema } from "../../../src/record/run.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { evaluationRecord, history, runRecord } from "../report/made-up-records.ts";

describe("parsing records", () => {
  it("gives back what was written", () => {
    expect(parseRunRecord(JSON.stringify(runRecord()))).toEqual(runRecord());
    expect(parseEvaluationRecord(JSON.stringify(evaluationRecord()))).toEqual(evaluationRecord());
  });

  it("names the file when it is not JSON", () => {
    const error = thrownBy(() => parseRunRecord('{"format": "coppice-run"', "runs/a/run.json"));
    expect(error.code).toBe("E_CHECKPOINT");
    expect(error.message).toMatch(/^runs\/a\/run\.json: expected JSON, got /);
  });

  it("names the fields that do not fit", () => {
    const record = { ...runRecord(), data: { ...runRecord().data, verified: "yes" }, speed: 3 };
    const error = thrownBy(() => checkRecord(runRecordSchema, record, "run.json"));
    expect(error.code).toBe("E_CHECKPOINT");
    expect(error.message).toContain("data.verified");
    expect(error.message).toContain("speed");
    expect(error.hint).toContain("docs/reference/records.md");
  });

  it("counts problems beyond the first five", () => {
    expect(thrownBy(() => parseEvaluationRecord("{}")).message).toMatch(/; and \d+ more$/);
    expect(thrownBy(() => parseEvaluationRecord("[]")).message).toContain("the whole");
  });
});

describe("metrics.jsonl", () => {
  const lines = history(3).map((line) => `${JSON.stringify(line)}\n`);

  it("gives one record a line, and none for an empty file", () => {
    expect(parseMetricLines(lines.join(""))).toEqual(history(3));
    expect(parseMetricLines("")).toEqual([]);
  });

  it("leaves out a last line that is still being written", () => {
    expect(parseMetricLines(lines.join("").slice(0, -1))).toEqual(history(2));
    expect(parseMetricLines(`${lines[0]}{"epo`)).toEqual(history(1));
  });

  it("names a line in between that is damaged", () => {
    const error = thrownBy(() => parseMetricLines(`${lines[0]}{"epo\n${lines[2]}`, "m.jsonl"));
    expect(error.code).toBe("E_CHECKPOINT");
    expect(error.message).toMatch(/^m\.jsonl line 2: expected JSON/);
  });
});
