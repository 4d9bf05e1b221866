import { expect, it } from "vitest";
import { renderOverview } from "../../../../src/report/experiment/experiment-overview.ts";
import { madeUpExperiment } from "./made-up-experiment.ts";

const record = madeUpExperiment();

it("has scores with gaps, and times as shares of Retrain's", () => {
  const lines = renderOverview(record).split("\n");
  expect(lines[0]).toBe("### Class-wise \\| forgetting");
  expect(lines).toContain(
    "| OMP 95 % | FT | 70.00 ± 14.14 (−30.00) | 85.00 ± 7.07 (−15.00) | 100.00 ± 0.00 (+1.00) | 51.00 ± 1.41 (+1.00) | 11.75 ± 5.66 | 11 s | 100.00 |",
  );
  expect(lines.find((line) => line.startsWith("| dense | Original"))).toMatch(/\| 11 s \|  \|$/);
});

it("leaves shares out where Retrain is not done", () => {
  const rows = record.rows.filter(({ method }) => method !== "retrain");
  expect(renderOverview({ ...record, rows })).toMatch(/\| dense \| FT \|.*\| 11 s \|  \|/);
});
