import { describe, expect, it } from "vitest";
import { metricLineSchema, runRecordSchema } from "../../../src/record/run.ts";
import { history, runRecord } from "../report/made-up-records.ts";

describe("run record", () => {
  it.each(["train", "prune", "forget"] as const)("fits a finished run of kind %s", (kind) => {
    const record = runRecord({ kind, sparsity: kind === "train" ? 0 : 0.95 });
    expect(runRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
  });

  it("fits a run that has only begun, and one that failed", () => {
    const { result: _result, finishedAt: _finishedAt, ...begun } = runRecord();
    expect(runRecordSchema.safeParse({ ...begun, status: "running" }).success).toBe(true);
    const error = { code: "E_NATIVE", message: "out of memory" };
    expect(runRecordSchema.safeParse({ ...begun, status: "failed", error }).success).toBe(true);
  });

  it.each([
    ["an unknown field", { extra: 1 }],
    ["another format", { format: "coppice-evaluation" }],
    ["a newer version", { version: 2 }],
    ["an unknown status", { status: "done" }],
    ["an empty command", { command: [] }],
    ["a negative seed", { seed: -1 }],
    ["an order that is none", { method: { name: "finetune", options: {}, order: "sparse" } }],
    ["a sparsity above 1", { mask: { sparsity: 95, layers: [] } }],
  ])("refuses %s", (_what, change) => {
    expect(runRecordSchema.safeParse({ ...runRecord(), ...change }).success).toBe(false);
  });
});

describe("metric line", () => {
  const [line] = history(1);

  it("fits an epoch, with and without what is optional", () => {
    expect(metricLineSchema.parse(line)).toEqual(line);
    expect(metricLineSchema.safeParse({ ...line, penalty: 5e-4, zeros: 12 }).success).toBe(true);
  });

  it("refuses a loss that is not finite and an accuracy in percent", () => {
    expect(metricLineSchema.safeParse({ ...line, loss: Number.NaN }).success).toBe(false);
    expect(metricLineSchema.safeParse({ ...line, accuracy: 98.7 }).success).toBe(false);
  });
});
