/** From finished jobs to the rows of a grid, with what they say over seeds. */
import { pairedTest, summarize } from "../../statistics/statistics.ts";
import {
  type ExperimentRow,
  type Repetition,
  type ScoreName,
  scoreNames,
  type SummaryRecord,
  type TestRecord,
} from "../../record/index.ts";
import { CoppiceError } from "../../util/errors.ts";
import { groupBy } from "../../util/lists.ts";
import type { Cell } from "./expand.ts";
import { evaluationOf, finishedCells, originalOf } from "./finished.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import { defined } from "../../util/defined.ts";
import { type GridSpec, type GridTest, labelOf } from "./spec.ts";

/** All rows of a grid, in its order. What is not done yet, or has failed, is missing from their repetitions. */
export function collectRows(spec: GridSpec, cells: readonly Cell[], store: JobStore): ExperimentRow[] {
  const groups = groupBy(cells, ({ scenario, model, label }) => JSON.stringify([scenario.id, model.id, label]));
  return groups.map((group) => rowOf(spec, group[0], measuredIn(group, store)));
}

interface Measured {
  readonly repetition: Repetition;
  readonly seconds: number;
  readonly denseSeconds: number | undefined;
}

function rowOf(spec: GridSpec, { scenario, model, label, method }: Cell, measured: readonly Measured[]): ExperimentRow {
  const repetitions = measured.map(({ repetition }) => repetition);
  return {
    scenario: scenario.id,
    model: model.id,
    method,
    label,
    options: { ...spec.rows.find((row) => labelOf(row) === label)?.options },
    repetitions,
    ...(repetitions.length === 0 ? {} : { summary: summaryOf(repetitions) }),
    seconds: measured.map(({ seconds }) => seconds),
    denseSeconds: measured.flatMap(({ denseSeconds }) => denseSeconds ?? []),
  };
}

function measuredIn(cells: readonly Cell[], store: JobStore): Measured[] {
  return finishedCells(cells, store).map((cell) => measuredOf(cell, store));
}

function measuredOf(cell: Cell, store: JobStore): Measured {
  const { base, method, seed } = cell;
  const { metrics, run, ...record } = evaluationOf(cell, store);
  const { result } = originalOf(cell, store);
  if (result === undefined) throw new CoppiceError("E_CHECKPOINT", `${base.title}: expected a finished run, got none`);
  const { MIA, RTE, ...others } = metrics;
  const all = { ...others, MIA: MIA.confidence };
  const gaps = method === "retrain" ? null : eachScore((score) => all[score].signedGap);
  const gapIntervals = eachScore((score) => all[score].gapInterval);
  const { disparityAverage: disparity, disparityInterval } = record;
  return {
    repetition: {
      seed,
      originalTrainLoss: result.trainLoss,
      originalTrainAccuracy: result.trainAccuracy,
      originalSparsity: sparsityIn(result.layers),
      scores: { UA: all.UA.value, MIA: all.MIA.value, RA: all.RA.value, TA: all.TA.value },
      ...(gaps === null ? {} : { gaps }),
      ...(gapIntervals === null ? {} : { gapIntervals }),
      ...defined({ disparity, disparityInterval }),
      modelSha256: run.modelSha256,
    },
    seconds: RTE.seconds,
    denseSeconds: RTE.denseSeconds,
  };
}

/** Null unless every score has one. */
function eachScore<T>(of: (score: ScoreName) => T | undefined): Record<ScoreName, T> | null {
  const entries = scoreNames.flatMap((score) => {
    const value = of(score);
    return value === undefined ? [] : [[score, value] as const];
  });
  return entries.length === scoreNames.length ? (Object.fromEntries(entries) as Record<ScoreName, T>) : null;
}

function sparsityIn(
  layers: ReadonlyArray<{ readonly shape: readonly number[]; readonly numel: number; readonly nonzero: number }>,
): number {
  const convolutions = layers.filter(({ shape }) => shape.length === 4);
  const sum = (of: (layer: (typeof convolutions)[number]) => number): number =>
    convolutions.reduce((total, layer) => total + of(layer), 0);
  return 1 - sum(({ nonzero }) => nonzero) / sum(({ numel }) => numel);
}

function summaryOf(repetitions: readonly Repetition[]): NonNullable<ExperimentRow["summary"]> {
  const of = (value: (repetition: Repetition) => number | undefined): SummaryRecord | undefined => {
    const values = repetitions.flatMap((repetition) => value(repetition) ?? []);
    return values.length === 0 ? undefined : summarize(values);
  };
  const gaps = eachScore((score) => of((repetition) => repetition.gaps?.[score]));
  const disparity = of((repetition) => repetition.disparity);
  const scores = eachScore((score) => of((repetition) => repetition.scores[score])) as Record<ScoreName, SummaryRecord>;
  return {
    ...scores,
    ...(gaps === null ? {} : { gaps }),
    ...defined({ disparity }),
    originalTrainLoss: of(({ originalTrainLoss }) => originalTrainLoss) as SummaryRecord,
  };
}

/** The tests of a grid in each of its scenarios, where both sides have a seed in common. */
export function collectTests(spec: GridSpec, rows: readonly ExperimentRow[]): TestRecord[] {
  return spec.scenarios.flatMap(({ id }) => spec.tests.flatMap((test) => testOf(id, test, rows) ?? []));
}

function testOf(
  scenario: string,
  { score, first, second }: GridTest,
  rows: readonly ExperimentRow[],
): TestRecord | null {
  const repetitionsOf = ({ label, model }: GridTest["first"]): readonly Repetition[] =>
    rows.find((row) => row.scenario === scenario && row.model === model && row.label === label)?.repetitions ?? [];
  const value = ({ disparity, scores }: Repetition): number | undefined =>
    score === "disparity" ? disparity : scores[score];
  const others = repetitionsOf(second);
  const pairs = repetitionsOf(first).flatMap((repetition) => {
    const other = others.find(({ seed }) => seed === repetition.seed);
    const [a, b] = [value(repetition), other === undefined ? undefined : value(other)];
    return a === undefined || b === undefined ? [] : [[a, b] as const];
  });
  if (pairs.length === 0) return null;
  const { p, ...difference } = pairedTest(
    pairs.map(([a]) => a),
    pairs.map(([, b]) => b),
  );
  return { scenario, score, first, second, difference, p };
}
