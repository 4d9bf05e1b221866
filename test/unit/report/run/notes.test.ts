import { describe, expect, it } from "vitest";
import { evaluationNotes, notesOf } from "../../../../src/report/run/notes.ts";
import { evaluationRecord, runRecord } from "../made-up-records.ts";

describe("notes", () => {
  it("are none where there is nothing to warn of", () => {
    expect(notesOf(runRecord(), evaluationRecord())).toEqual([]);
    expect(notesOf(runRecord(), undefined)).toEqual([]);
  });

  it("are those of the records, once each", () => {
    const run = runRecord();
    const evaluation = { ...evaluationRecord(), notes: ["a", "b"] };
    expect(notesOf({ ...run, data: { ...run.data, notes: ["b", "c"] } }, evaluation)).toEqual(["b", "c", "a"]);
  });

  it("warn of unverified data", () => {
    const run = runRecord();
    expect(notesOf({ ...run, data: { ...run.data, verified: false } }, undefined).join()).toContain(
      "published checksums",
    );
  });

  it.each([
    ["failed", "The run failed: disk full (E_CONFIG)."],
    ["interrupted", "interrupted"],
    ["running", "had not ended"],
  ] as const)("say that a run is %s", (status, text) => {
    const error = { code: "E_CONFIG", message: "disk full" };
    expect(notesOf({ ...runRecord(), status, ...(status === "failed" ? { error } : {}) }, undefined).join()).toContain(
      text,
    );
  });

  it("name layers that pruning has emptied", () => {
    const run = runRecord();
    const layer = (name: string, nonzero: number) => ({ name, shape: [2, 2, 3, 3], numel: 36, nonzero });
    const layers = [layer("conv1.weight", 3), layer("layer4.1.conv1.weight", 0), layer("layer4.1.conv2.weight", 0)];
    const ended = run.result === undefined ? expect.fail("no result") : { ...run, result: { ...run.result, layers } };
    expect(notesOf(ended, undefined)).toEqual([
      expect.stringMatching(/^2 layers have no weight left \(layer4\.1\.conv1\.weight, layer4\.1\.conv2\.weight\)/),
    ]);
    const { result: _, ...running } = run;
    const mask = { sparsity: 0.9, layers: layers.slice(0, 2) };
    expect(notesOf({ ...running, mask }, undefined).join()).toMatch(/^One layer has no weight left \(layer4\.1\.conv1/);
  });

  it("warn of a busy machine", () => {
    const run = runRecord();
    const busy = { ...run, environment: { ...run.environment, loadAverage: [1.7, 1, 1] as [number, number, number] } };
    expect(notesOf(busy, undefined).join()).toContain("load 1.7 on 2 cores");
  });

  it("warn of an original that has not fitted", () => {
    const notes = evaluationNotes(evaluationRecord({ before: [0.1, 0.2, 0.86, 0.57], trainLoss: 0.41 }));
    expect(notes.join()).toContain("training loss 0.4100");
  });

  it("warn of an oracle of another sparsity", () => {
    const evaluation = evaluationRecord({ sparsity: 0.95 });
    const dense = { ...evaluation, oracle: { ...evaluation.oracle!, sparsity: 0 } };
    expect(evaluationNotes(evaluation)).toEqual([]);
    expect(evaluationNotes(dense).join()).toContain("The oracle is dense");
  });
});
