/** A finding is judged on its own rows and on originals that have fitted, and on nothing less. */
import { describe, expect, it } from "vitest";
import { disparityFalls } from "../../../src/findings/disparity-falls.ts";
import { judgeGrid, rowsOf } from "../../../src/findings/judge-grid.ts";
import type { GridResults } from "../../../src/findings/grid.ts";
import { gridFindings } from "../../../src/findings/registry.ts";
import { sparsityOrFit } from "../../../src/findings/sparsity-or-fit.ts";
import type { ExperimentRow } from "../../../src/record/index.ts";
import { madeUpRow } from "../report/experiment/made-up-experiment.ts";
import type { Four } from "../report/made-up-records.ts";

const models = [
  { id: "dense", sparsity: 0 },
  { id: "omp95", sparsity: 0.95, pruner: "omp" },
];
const scenarios = [
  { id: "class", title: "Class-wise", kind: "class" },
  { id: "random", title: "Random", kind: "random" },
];

function row(scenario: string, model: string, label: string): ExperimentRow {
  const ua = model === "dense" ? [0.2, 0.21, 0.22] : [0.7, 0.72, 0.71];
  return madeUpRow({ scenario, model, method: label, label, scores: ua.map((x): Four => [x, x, 1, 0.5]) });
}

const whole: GridResults = {
  models,
  scenarios,
  rows: scenarios.flatMap(({ id }) =>
    models.flatMap((model) => ["FT", "GA", "FF", "IU"].map((label) => row(id, model.id, label))),
  ),
};

/** The same with originals that get this share of their training images right in one repetition. */
function fittedTo(accuracy: number): GridResults {
  const [first, ...others] = whole.rows as [ExperimentRow, ...ExperimentRow[]];
  const repetitions = first.repetitions.map((each, i) =>
    i === 1 ? { ...each, originalTrainAccuracy: accuracy } : each,
  );
  return { ...whole, rows: [{ ...first, repetitions }, ...others] };
}

describe("a finding on a grid", () => {
  it("is judged where all of its rows are there and the originals have fitted", () => {
    expect(judgeGrid(disparityFalls, whole)).toEqual(disparityFalls.judge(whole));
    expect(judgeGrid(disparityFalls, whole).verdict).toBe("reproduced");
    expect(judgeGrid(disparityFalls, fittedTo(0.99)).verdict).toBe("reproduced");
  });

  it("is not judged by one row of eight, and says which are missing and what came out", () => {
    const one = { ...whole, rows: [row("class", "dense", "FT"), row("class", "omp95", "FT")] };
    expect(disparityFalls.judge(one).verdict).toBe("reproduced");
    const { ours, verdict } = judgeGrid(disparityFalls, one);
    expect(verdict).toBe("not testable at this scale");
    expect(ours).toMatch(/^not judged: the claim is about 16 rows, of which 14 are missing \(GA, dense, class, /);
    expect(ours).toContain("fell in 1 of 1 rows");
  });

  it("is not judged where a row has no values, or a kind of scenario is not there", () => {
    const [first, ...others] = whole.rows as [ExperimentRow, ...ExperimentRow[]];
    const empty = { ...whole, rows: [{ ...first, repetitions: [] }, ...others] };
    expect(judgeGrid(disparityFalls, empty).ours).toMatch(/of which 1 is missing \(FT, dense, class\)/);
    const classOnly = { ...whole, scenarios: scenarios.slice(0, 1) };
    expect(
      judgeGrid(disparityFalls, { ...classOnly, rows: whole.rows.filter((each) => each.scenario === "class") }).ours,
    ).toMatch(/of which 8 are missing \(FT, dense, random, /);
  });

  it("is not judged where a single original has not fitted", () => {
    const { ours, verdict } = judgeGrid(disparityFalls, fittedTo(0.6));
    expect(verdict).toBe("not testable at this scale");
    expect(ours.replaceAll("\u202f", " ")).toMatch(
      /^not judged: the claim is about originals that get 99 % or more of their training images right, and one gets 60 %; fell in/,
    );
  });

  it("asks no fit where the claim is about fit itself", () => {
    const rows = models.flatMap(({ id }) => ["FT", "l1-sparse"].map((label) => row("class", id, label)));
    const unfitted = rows.map((each) => ({
      ...each,
      repetitions: each.repetitions.map((repetition) => ({ ...repetition, originalTrainAccuracy: 0.7 })),
    }));
    expect(judgeGrid(sparsityOrFit, { ...whole, rows: unfitted }).ours).not.toContain("not judged");
  });

  it.each(Object.values(gridFindings))("$name has rows, and is never judged without any", (finding) => {
    const nothing = { models: [], scenarios: [], rows: [] };
    expect(finding.rows(nothing).length).toBeGreaterThan(0);
    expect(judgeGrid(finding, nothing)).toMatchObject({
      verdict: "not testable at this scale",
      ours: expect.stringContaining("not judged") as string,
    });
  });

  it("takes every scenario of a kind, and names a kind that has none", () => {
    const two = [...scenarios, { id: "other class", title: "Another", kind: "class" }];
    expect(rowsOf({ scenarios: two }, { kinds: ["class", "list"], models: ["dense"], labels: ["FT"] })).toEqual([
      { scenario: "class", model: "dense", label: "FT" },
      { scenario: "other class", model: "dense", label: "FT" },
      { scenario: "list", model: "dense", label: "FT" },
    ]);
  });
});
