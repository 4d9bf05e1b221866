import { expect, it } from "vitest";
import { renderCleanseComparisonCsv, renderCleanseComparisonTable } from "../../../../src/report/index.ts";
import { compareCleanses } from "./made-up-cleanse-comparison.ts";

it("has a row for each cleanse, with both forms of ASR before and after, and intervals", () => {
  const [, , head, , ...rows] = renderCleanseComparisonTable(compareCleanses()).trimEnd().split("\n");
  expect(head).toContain(
    "| ASR, without the target class, before | after | ASR, reference, before | after | SA, before |",
  );
  expect(rows).toHaveLength(4);
  expect(rows[2]).toMatch(/^\| 90\u202f% pruned \| FT \| 99.00 \(\d+\.\d–\d+\.\d\) \| 2.00 \(/);
});

it("leaves empty what is not known", () => {
  const comparison = compareCleanses();
  const blind = comparison.cleanses.map(({ run, before, trace }) => ({
    run: { ...run, metrics: { SA: run.metrics.SA } },
    before: { ...before, metrics: { SA: before.metrics.SA } },
    trace,
  }));
  const [row = ""] = renderCleanseComparisonTable({ cleanses: blind }).split("\n").slice(4);
  expect(row).toMatch(/^\| dense \| FT \|  \|  \|  \|  \| 94.00/);
  expect(renderCleanseComparisonCsv({ cleanses: blind })).toContain("0,finetune,,,,,,");
});

it("has fractions, ends of intervals and folders for programs", () => {
  const [head = "", ...rows] = renderCleanseComparisonCsv(compareCleanses()).trimEnd().split("\r\n");
  const names = head.split(",");
  const best = new Map(rows[2]?.split(",").map((value, i) => [names[i], value]));
  expect(best.get("ASR")).toBe("0.02");
  expect(Number(best.get("ASR_high"))).toBeGreaterThan(0.02);
  expect(best.get("folder")).toBe("done/finetune-0.9");
  expect(rows.every((row) => row.split(",").length === names.length)).toBe(true);
});
