/** The warnings in the records of a grid's runs and evaluations, each once. */
import type { JobStore } from "../../jobs/job-store.ts";
import type { ExperimentWarning } from "../../record/index.ts";
import type { Cell } from "./expand.ts";
import { evaluationOf, finishedCells } from "./finished.ts";

/** An evaluation repeats what its run says of the data. */
export function collectWarnings(cells: readonly Cell[], store: JobStore): ExperimentWarning[] {
  const scenarios = new Map<string, Set<string>>();
  for (const cell of finishedCells(cells, store)) {
    for (const note of evaluationOf(cell, store).notes) {
      scenarios.set(note, (scenarios.get(note) ?? new Set()).add(cell.scenario.id));
    }
  }
  return [...scenarios].map(([text, ids]) => ({ text, scenarios: [...ids] }));
}
