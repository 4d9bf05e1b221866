/** The rows of a suite: each evaluation with its run, its place in the comparison and a name no other row has. */
import type { EvaluationRecord, RunRecord, SuiteScenario } from "../../record/index.ts";
import { sparsityName } from "../../format/index.ts";
import { methodLabel } from "../scores.ts";

export interface SuiteRow {
  readonly evaluation: EvaluationRecord;
  readonly run: RunRecord | undefined;
  readonly role: "original" | "retrain" | "method";
  /** The method, with the options that tell it from others of the same method. */
  readonly label: string;
  /** Which original it started from, or is: `dense`, `95 % pruned`. */
  readonly original: string;
  /** Sparsity of that original, 0 to 1. */
  readonly originalSparsity: number;
}

/** Rows that share an original, in the order of the record. */
export interface SuiteGroup {
  readonly original: string;
  readonly sparsity: number;
  readonly rows: readonly SuiteRow[];
}

/** The groups of a scenario, the densest original first. */
export function groupsOf({ evaluations, runs }: SuiteScenario): SuiteGroup[] {
  const rows = evaluations.map((evaluation): SuiteRow => {
    const { method, modelSha256, sparsity } = evaluation.run;
    const originalSparsity = evaluation.before?.sparsity ?? sparsity;
    return {
      evaluation,
      run: runs.find(({ result }) => result?.modelSha256 === modelSha256),
      role: method === undefined ? "original" : method === "retrain" ? "retrain" : "method",
      label: methodLabel(method),
      original: sparsityName(originalSparsity),
      originalSparsity,
    };
  });
  const named = rows.map((row) => ({ ...row, label: distinctLabel(row, rows) }));
  return [...new Set(named.map(({ original }) => original))]
    .map((original) => {
      const members = named.filter((row) => row.original === original);
      return { original, sparsity: members[0]?.originalSparsity ?? 0, rows: members };
    })
    .toSorted((a, b) => a.sparsity - b.sparsity);
}

/** Methods that were run on several originals: the label, and the row of each group in the groups' order. */
export function pairedMethods(groups: readonly SuiteGroup[]): Array<{ label: string; rows: SuiteRow[] }> {
  const labels = new Set(
    groups.flatMap(({ rows }) => rows.filter(({ role }) => role === "method").map(({ label }) => label)),
  );
  return [...labels]
    .map((label) => ({
      label,
      rows: groups.flatMap(({ rows }) => rows.filter((row) => row.label === label).slice(0, 1)),
    }))
    .filter(({ rows }) => rows.length > 1);
}

/** Adds what tells a row from others of its method on the same original: options that differ, else the run's name. */
function distinctLabel(row: SuiteRow, rows: readonly SuiteRow[]): string {
  const rivals = rows.filter(({ label, original }) => label === row.label && original === row.original);
  if (rivals.length < 2) return row.label;
  const options = rivals.map(({ run }) => run?.method?.options ?? {});
  const keys = [...new Set(options.flatMap(Object.keys))].filter(
    (key) => new Set(options.map((each) => JSON.stringify(each[key]))).size > 1,
  );
  const own = row.run?.method?.options ?? {};
  const differing = keys.filter((key) => key in own).map((key) => `${key} ${String(own[key])}`);
  return `${row.label} (${differing.length === 0 ? row.evaluation.run.name : differing.join(", ")})`;
}
