import { describe, expect, it } from "vitest";
import { renderRunReport } from "../../../../src/report/run/run-report.ts";
import type { RunReportInput } from "../../../../src/report/run/run-report.ts";
import { elementsOf, textOf } from "../markup.ts";
import { evaluationRecord, history, runRecord } from "../made-up-records.ts";
import { expectOffline, poisoned } from "../offline.ts";

const input: RunReportInput = {
  run: runRecord({ sparsity: 0.95 }),
  evaluation: evaluationRecord({ sparsity: 0.95 }),
  oracle: runRecord({ name: "retrain", method: "retrain" }),
  history: history(),
  lineage: [runRecord({ name: "original", kind: "train" })],
};

describe("report of a run", () => {
  it("is one well-formed file that fetches nothing", async () => {
    expectOffline(await renderRunReport(input));
  });

  it("has verdict, scores, charts, images and provenance", async () => {
    const page = await renderRunReport(input);
    const text = textOf(page);
    const headings = elementsOf(page).filter(({ name }) => name === "h2").length;
    expect(headings).toBe(6);
    expect(text).toContain("has not forgotten enough");
    expect(page.match(/<svg role="img"/g)).toHaveLength(4);
    expect(page.match(/<img\s+src="data:image\/png;base64,/g)).toHaveLength(16);
    expect(text).toContain("layer4.1.conv2.weight");
    expect(text).toContain("coppice forget --model runs/original");
  });

  it("is the same bytes for the same records", async () => {
    expect(await renderRunReport(structuredClone(input))).toBe(await renderRunReport(input));
  });

  it("shows what is left of an evaluation where the images to forget are gone", async () => {
    const { UA: _UA, MIA: _MIA, ...metrics } = evaluationRecord().metrics;
    const { oracle: _oracle, before: _before, ...rest } = evaluationRecord({ samples: [] });
    const evaluation = { ...rest, metrics, notes: ["The images to forget are gone."] };
    const page = await renderRunReport({ run: runRecord(), evaluation, history: history(3) });
    expectOffline(page);
    const text = textOf(page);
    expect(text).toContain("Cannot be measured");
    expect(text).toContain("The images to forget are gone.");
    expect(text).not.toContain("Unlearning accuracy");
  });

  it("shows a run that was not evaluated, and one that is dense", async () => {
    const page = await renderRunReport({ run: runRecord({ kind: "train", name: "original" }), history: history(3) });
    expectOffline(page);
    const text = textOf(page);
    expect(text).toContain("has not been evaluated");
    expect(text).toContain("This model is dense");
    expect(text).not.toContain("MIA");
  });

  it("shows no curve of a single epoch, and none of no epoch", async () => {
    const one = textOf(await renderRunReport({ run: runRecord(), history: history(1) }));
    expect(one).toContain("One epoch: mean loss 1.40");
    expect(textOf(await renderRunReport({ run: runRecord(), history: [] }))).not.toContain("While it ran");
  });

  it("shows a run that has only begun", async () => {
    const { result: _result, mask: _mask, finishedAt: _finishedAt, ...begun } = runRecord();
    const page = await renderRunReport({ run: { ...begun, status: "running" }, history: [] });
    expectOffline(page);
    expect(textOf(page)).toContain("The run had not ended");
  });

  it("takes nothing from a record for markup", async () => {
    const page = await renderRunReport(poisoned(input));
    expectOffline(page);
    expect(textOf(page)).toContain(`<script src="https://evil.example/x.js">`);
  });
});
