import { describe, expect, it } from "vitest";
import { mainTable, publishedScores } from "../../../../src/report/experiment/published.ts";

const scores = ["UA", "MIA", "RA", "TA"] as const;

describe("the paper's main table", () => {
  it("has averages of gaps that agree with its scores, but for the one it misprints", () => {
    const odd: string[] = [];
    for (const [scenario, rows] of Object.entries(mainTable)) {
      for (const [label, pair] of Object.entries(rows)) {
        for (const side of ["dense", "sparse"] as const) {
          const retrain = rows.Retrain?.[side];
          const gaps = scores.map((score) => Math.abs(pair[side][score][0] - (retrain?.[score][0] ?? NaN)));
          const average = gaps.reduce((sum, gap) => sum + gap, 0) / 4;
          if (!(Math.abs(average - pair[side].disparity) < 0.011)) odd.push(`${scenario} ${label} ${side}`);
        }
      }
    }
    expect(odd).toEqual(["random IU sparse"]);
  });

  it("is found by scenario, method and sparsity, for recipes that repeat it", () => {
    const which = { scenario: { kind: "class" }, model: { sparsity: 0.95, pruner: "omp" }, label: "FT" };
    expect(publishedScores("table1", which)?.UA).toEqual([73.64, 9.46]);
    expect(publishedScores("table1", { ...which, model: { sparsity: 0 } })?.UA).toEqual([22.53, 8.16]);
    expect(publishedScores("table1", { ...which, model: { sparsity: 0.9, pruner: "omp" } })).toBeNull();
    expect(publishedScores("pruners", { ...which, model: { sparsity: 0.95, pruner: "imp" } })).toBeNull();
    expect(publishedScores("matched", which)).toBeNull();
    const denseOf = (id: string) => ({ ...which, label: "Retrain", model: { id, sparsity: 0 } });
    expect(publishedScores("methods", denseOf("dense"))?.UA).toEqual([100, 0]);
    expect(publishedScores("methods", denseOf("shards5"))).toBeNull();
    expect(publishedScores("table1", { ...which, label: "ct" })).toBeNull();
  });
});
