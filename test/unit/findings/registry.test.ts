/** Verdicts on rows made up so that the answer is known. */
import { describe, expect, it } from "vitest";
import { findings } from "../../../src/findings/registry.ts";
import type { ExperimentRow } from "../../../src/record/index.ts";
import { madeUpRow } from "../report/experiment/made-up-experiment.ts";
import type { Four } from "../report/made-up-records.ts";

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
