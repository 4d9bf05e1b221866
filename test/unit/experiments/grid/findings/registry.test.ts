/** Verdicts on rows made up so that the answer is known. */
import { describe, expect, it } from "vitest";
import { findings } from "../../../../../src/experiments/grid/findings/registry.ts";
import type { ExperimentRow } from "../../../../../src/record/index.ts";
import { madeUpRow } from "../../../report/made-up-experiment.ts";
import type { Four } from "../../../report/made-up-records.ts";

const scenarios = [{ id: "class", title: "Class-wise", kind: "class" }];
const dense = { id: "dense", sparsity: 0 };
const omp95 = { id: "omp95", sparsity: 0.95, pruner: "omp" };

function row(model: string, label: string, ua: readonly number[], losses?: readonly number[]): ExperimentRow {
  const scores = ua.map((value): Four => [value, value, 1, 0.5]);
  return madeUpRow({ model, method: label, label, scores, ...(losses === undefined ? {} : { losses }) });
}

const verdict = (
  name: keyof typeof findings,
  rows: ExperimentRow[],
  models: Array<{ id: string; sparsity: number; pruner?: string }> = [dense, omp95],
): string => findings[name].judge({ rows, scenarios, models }).verdict;

describe("a verdict", () => {
  it("on Disparity Ave.: reproduced if it falls on average, and for no method rises for sure", () => {
    const falls = ["FT", "GA"].flatMap((label) => [
      row("dense", label, [0.2, 0.21, 0.22]),
      row("omp95", label, [0.7, 0.72, 0.71]),
    ]);
    expect(verdict("disparity-falls", falls)).toBe("reproduced");
    const one = [...falls, row("dense", "IU", [0.5, 0.5, 0.5]), row("omp95", "IU", [0.4, 0.41, 0.4])];
    expect(verdict("disparity-falls", one)).toBe("not reproduced");
    expect(findings["disparity-falls"].judge({ rows: one, scenarios, models: [dense, omp95] }).ours).toMatch(
      /^fell in 2 of 3 rows/,
    );
  });

  it("on FT of a class", () => {
    const rows = (sparse: number[]): ExperimentRow[] => [
      row("dense", "FT", [0.2, 0.21, 0.22]),
      row("omp95", "FT", sparse),
    ];
    expect(verdict("finetune-unlearns-sparse", rows([0.7, 0.72, 0.71]))).toBe("reproduced");
    expect(verdict("finetune-unlearns-sparse", rows([0.1, 0.12, 0.11]))).toBe("not reproduced");
    expect(verdict("finetune-unlearns-sparse", [row("dense", "FT", [0.2])])).toBe("not testable at this scale");
  });

  it("on Disparity Ave. over sparsity", () => {
    const models = [dense, { id: "omp5", sparsity: 0.5 }, { id: "omp9", sparsity: 0.9 }];
    const rows = (values: number[]): ExperimentRow[] =>
      models.map(({ id }, i) => row(id, "FT", [values[i] ?? 0, (values[i] ?? 0) + 0.01, (values[i] ?? 0) + 0.02]));
    expect(verdict("sparser-forgets-more", rows([0.1, 0.3, 0.9]), models)).toBe("reproduced");
    expect(verdict("sparser-forgets-more", rows([0.9, 0.3, 0.1]), models)).toBe("not reproduced");
    expect(findings["sparser-forgets-more"].judge({ rows: rows([0.1, 0.3, 0.9]), scenarios, models }).ours).toMatch(
      /−(0\.9|1\.0)/,
    );
  });

  it("on the schedule of the penalty", () => {
    const rows = (decreasing: number[]): ExperimentRow[] => [
      row("dense", "decreasing", decreasing),
      row("dense", "constant", [0.5, 0.51, 0.52]),
      row("dense", "increasing", [0.4, 0.41, 0.42]),
    ];
    expect(verdict("decaying-penalty", rows([0.8, 0.82, 0.81]))).toBe("reproduced");
    expect(verdict("decaying-penalty", rows([0.45, 0.47, 0.46]))).toBe("not reproduced");
  });

  it("on pruners", () => {
    const models = [
      omp95,
      { id: "imp95", sparsity: 0.95, pruner: "imp" },
      { id: "synflow95", sparsity: 0.95, pruner: "synflow" },
    ];
    const rows = (omp: number[], synflow: number[]): ExperimentRow[] => [
      row("omp95", "FT", omp),
      row("synflow95", "FT", synflow),
      row("imp95", "FT", [0.5, 0.51, 0.52]),
    ];
    expect(verdict("one-shot-is-enough", rows([0.8, 0.83, 0.82], [0.7, 0.72, 0.71]), models)).toBe("reproduced");
    expect(verdict("one-shot-is-enough", rows([0.8, 0.83, 0.82], [0.3, 0.32, 0.31]), models)).toBe("not reproduced");
  });

  it("on sparsity or fit: what follows the training loss alone is not sparsity", () => {
    const models = [1, 2, 3, 4, 5, 6].map((i) => ({ id: `m${i}`, sparsity: i % 2 === 0 ? 0.95 : 0 }));
    const losses = [1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1];
    const noise = [0.001, -0.002, 0.001, 0.002, -0.001, -0.001];
    const rows = models.map(({ id }, i) => {
      const ua = 0.5 + 0.1 * Math.log10(losses[i] ?? 1) + (noise[i] ?? 0);
      return row(id, "FT", [ua, ua + 0.001 * i, ua - 0.001], [losses[i] ?? 1, losses[i] ?? 1, losses[i] ?? 1]);
    });
    const { ours, verdict: said } = findings["sparsity-or-fit"].judge({ rows, scenarios, models });
    expect(said).not.toBe("reproduced");
    expect(ours).toMatch(/with log training loss at fixed sparsity \+(0\.99|1\.00)/);
  });
});
