import { describe, expect, it } from "vitest";
import {
  evaluationRecordSchema,
  hasAllScores,
  metricSchema,
  sampleImageSchema,
} from "../../../src/record/evaluation.ts";
import { evaluationRecord, metric } from "../report/made-up-records.ts";

describe("evaluation record", () => {
  it.each([
    ["with oracle and parent", evaluationRecord()],
    ["without an oracle", evaluationRecord({ oracle: undefined })],
    ["of an original", evaluationRecord({ method: undefined, before: undefined, oracle: undefined, samples: [] })],
  ])("fits one %s", (_what, record) => {
    expect(evaluationRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
  });

  it("may lack what takes images that are gone, which is told", () => {
    const { UA: _UA, MIA: _MIA, ...metrics } = evaluationRecord().metrics;
    const record = evaluationRecordSchema.parse({ ...evaluationRecord(), metrics });
    expect([hasAllScores(record), hasAllScores(evaluationRecord())]).toEqual([false, true]);
  });

  it("keeps the paths that programs read", () => {
    const { metrics } = evaluationRecordSchema.parse(evaluationRecord());
    expect(metrics.UA?.value).toBe(0.2253);
    expect(metrics.MIA?.confidence.value).toBe(0.75);
    expect(Object.keys(metrics.MIA ?? {})).toEqual(["correctness", "confidence", "entropy", "m_entropy", "prob"]);
    expect(metrics.RTE.seconds).toBe(151);
  });

  it("refuses an evaluation that lacks an attack, and one with percent", () => {
    const record = evaluationRecord();
    const { prob: _prob, ...four } = record.metrics.MIA;
    expect(evaluationRecordSchema.safeParse({ ...record, metrics: { ...record.metrics, MIA: four } }).success).toBe(
      false,
    );
    const inPercent = { ...record.metrics, TA: { ...record.metrics.TA, value: 94.31 } };
    expect(evaluationRecordSchema.safeParse({ ...record, metrics: inPercent }).success).toBe(false);
  });
});

describe("metric", () => {
  it.each([
    ["a unit of its own", { unit: "percent" }],
    ["an interval of one number", { interval: [0.5] }],
    ["an unknown direction", { direction: "up" }],
    ["a negative gap", { gap: -0.1 }],
  ])("refuses %s", (_what, change) => {
    expect(metricSchema.safeParse({ ...metric(0.5), ...change }).success).toBe(false);
  });
});

describe("sample image", () => {
  const data = Buffer.from([1, 2, 3, 4, 5, 6]).toString("base64");

  it("fits as many bytes as it has pixels", () => {
    expect(sampleImageSchema.safeParse({ channels: 1, height: 2, width: 3, data }).success).toBe(true);
  });

  it("refuses other numbers of bytes, two channels, and what is not base64", () => {
    expect(sampleImageSchema.safeParse({ channels: 3, height: 2, width: 3, data }).success).toBe(false);
    expect(sampleImageSchema.safeParse({ channels: 2, height: 1, width: 3, data }).success).toBe(false);
    expect(sampleImageSchema.safeParse({ channels: 1, height: 2, width: 3, data: '"><script>' }).success).toBe(false);
  });
});
