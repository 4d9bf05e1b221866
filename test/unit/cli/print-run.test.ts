import { describe, expect, it } from "vitest";
import { printRun } from "../../../src/cli/print-run.ts";
import { printedBy } from "../../support/command-line.ts";
import { runRecord } from "../report/made-up-records.ts";

const printed = async (...args: Parameters<typeof printRun>): Promise<string> =>
  (await printedBy(() => printRun(...args))).out;

describe("the end of a run", () => {
  it("says how long it took, how well it fits, and what comes next", async () => {
    expect(await printed(runRecord({ seconds: 151 }), "runs/ft", false)).toBe(
      "runs/ft: forget finished in 2 min 31 s\n" +
        "  training loss 0.0031, accuracy 0.9987\n" +
        "  validation accuracy 0.9412\n" +
        "  next: coppice evaluate runs/ft, then coppice report runs/ft\n",
    );
  });

  it("says what dense operators would take, and the sparsity", async () => {
    const record = runRecord({ sparsity: 0.95 });
    const result = record.result && { ...record.result, denseSeconds: 600 };
    const text = await printed({ ...record, ...(result && { result }) }, "runs/ft", false);
    expect(text).toContain("(with dense operators about 10 min 0 s)");
    expect(text).toMatch(/sparsity 0\.\d{4} \(fraction of convolution weights that are exactly zero\)/);
  });

  it("shows what is left of each layer of a pruned model, and proposes no audit of one that forgot nothing", async () => {
    const record = runRecord({ kind: "prune", sparsity: 0.95 });
    const text = await printed(
      { ...record, split: { ...record.split, counts: { ...record.split.counts, forget: 0 } } },
      "p",
      false,
    );
    expect(text).toMatch(/conv1\.weight.*72\u202f%/);
    expect(text).not.toContain("next:");
  });

  it("is the record as JSON, or nothing yet", async () => {
    const record = runRecord();
    expect(JSON.parse(await printed(record, "runs/ft", true))).toEqual(record);
    const { result: _result, ...begun } = record;
    expect(await printed(begun, "runs/ft", false)).toBe("");
  });
});
