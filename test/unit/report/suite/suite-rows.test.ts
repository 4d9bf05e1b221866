import { describe, expect, it } from "vitest";
import type { SuiteScenario } from "../../../../src/record/index.ts";
import { groupsOf, pairedMethods } from "../../../../src/report/suite/suite-rows.ts";
import { evaluationRecord, runRecord, suiteRecord } from "../made-up-records.ts";

const scenario = suiteRecord().scenarios[0]!;

describe("rows of a suite", () => {
  it("are grouped by original, the dense one first, in the order of the record", () => {
    const groups = groupsOf({ ...scenario, evaluations: scenario.evaluations.toReversed() });
    expect(groups.map(({ sparsity }) => sparsity)).toEqual([0, 0.95]);
    expect(groupsOf(scenario)[0]?.rows.map(({ label }) => label)).toEqual([
      "Original",
      "Retrain",
      "FT",
      "GA",
      "l1-sparse",
    ]);
    expect(groupsOf(scenario)[1]?.rows.map(({ role }) => role)).toEqual([
      "original",
      "retrain",
      "method",
      "method",
      "method",
    ]);
  });

  it("belong to the original they started from, whatever sparsity the method made", () => {
    const evaluation = evaluationRecord({ method: "l1-sparse" });
    const sparse = { ...evaluation, run: { ...evaluation.run, sparsity: 0.6 } };
    expect(groupsOf({ ...scenario, evaluations: [sparse], runs: [] }).map(({ original }) => original)).toEqual([
      "dense",
    ]);
  });

  it("find their run by the hash of the weights", () => {
    for (const { rows } of groupsOf(scenario)) {
      for (const { run, evaluation } of rows) expect(run?.name).toBe(evaluation.run.name);
    }
    expect(groupsOf({ ...scenario, runs: [] })[0]?.rows[0]?.run).toBeUndefined();
  });

  it("tell two runs of a method apart by the options that differ, else by name", () => {
    const make = (name: string, options: Record<string, unknown>): Pick<SuiteScenario, "evaluations" | "runs"> => ({
      evaluations: [evaluationRecord({ name, method: "l1-sparse" })],
      runs: [runRecord({ name, method: "l1-sparse", options })],
    });
    const merge = (...parts: ReadonlyArray<ReturnType<typeof make>>): string[] =>
      groupsOf({
        name: "x",
        evaluations: parts.flatMap(({ evaluations }) => evaluations),
        runs: parts.flatMap(({ runs }) => runs),
      }).flatMap(({ rows }) => rows.map(({ label }) => label));
    expect(merge(make("a", { lr: 0.01, schedule: "constant" }), make("b", { lr: 0.01, schedule: "decaying" }))).toEqual(
      ["l1-sparse (schedule constant)", "l1-sparse (schedule decaying)"],
    );
    expect(merge(make("a", { lr: 0.01 }), make("b", { lr: 0.01 }))).toEqual(["l1-sparse (a)", "l1-sparse (b)"]);
  });

  it("pair methods that were run on both originals", () => {
    expect(pairedMethods(groupsOf(scenario)).map(({ label }) => label)).toEqual(["FT", "GA", "l1-sparse"]);
    const dense = { ...scenario, evaluations: scenario.evaluations.slice(0, 5) };
    expect(pairedMethods(groupsOf(dense))).toEqual([]);
  });
});
