/** A grid made up for tests: two models, one scenario, three rows, two seeds. */
import { summarize } from "../../../../src/statistics/statistics.ts";
import type { ExperimentRecord, ExperimentRow, Repetition, SummaryRecord } from "../../../../src/record/index.ts";
import { environment, type Four, hash } from "../made-up-records.ts";

/** What Retrain scores. */
export const oracle: Four = [1, 1, 0.99, 0.5];

function summary(values: readonly number[]): SummaryRecord {
  const { interval, ...rest } = summarize(values);
  return { ...rest, interval: interval === null ? null : [...interval] };
}

interface MadeUp {
  readonly model: string;
  readonly method: string;
  readonly label: string;
  readonly scores: readonly Four[];
  readonly losses?: readonly number[];
  readonly scenario?: string;
  /** Of every seed. Default 10, 11, … */
  readonly seconds?: number;
}

/** A row of as many seeds as there are scores. */
export function madeUpRow({
  model,
  method,
  label,
  scores,
  losses = [],
  scenario = "class",
  seconds,
}: MadeUp): ExperimentRow {
  const repetitions = scores.map((four, i): Repetition => {
    const [UA, MIA, RA, TA] = four;
    const gaps = { UA: UA - oracle[0], MIA: MIA - oracle[1], RA: RA - oracle[2], TA: TA - oracle[3] };
    const disparity = (Math.abs(gaps.UA) + Math.abs(gaps.MIA) + Math.abs(gaps.RA) + Math.abs(gaps.TA)) / 4;
    const around = (value: number): [number, number] => [value - 0.01, value + 0.01];
    return {
      seed: i + 1,
      originalTrainLoss: losses[i] ?? 0.02,
      originalTrainAccuracy: 1,
      originalSparsity: model === "dense" ? 0 : 0.95,
      scores: { UA, MIA, RA, TA },
      ...(method === "retrain"
        ? {}
        : {
            gaps,
            gapIntervals: { UA: around(gaps.UA), MIA: around(gaps.MIA), RA: around(gaps.RA), TA: around(gaps.TA) },
            disparity,
            disparityInterval: [Math.max(0, disparity - 0.01), disparity + 0.01] as [number, number],
          }),
      modelSha256: hash(`${model} ${label} ${i}`),
    };
  });
  const of = (value: (repetition: Repetition) => number): SummaryRecord => summary(repetitions.map(value));
  const scoreSummaries = (key: "scores" | "gaps"): Record<"UA" | "MIA" | "RA" | "TA", SummaryRecord> => ({
    UA: of((r) => r[key]?.UA ?? 0),
    MIA: of((r) => r[key]?.MIA ?? 0),
    RA: of((r) => r[key]?.RA ?? 0),
    TA: of((r) => r[key]?.TA ?? 0),
  });
  return {
    scenario,
    model,
    method,
    label,
    options: {},
    repetitions,
    summary: {
      ...scoreSummaries("scores"),
      ...(method === "retrain" ? {} : { gaps: scoreSummaries("gaps"), disparity: of((r) => r.disparity ?? 0) }),
      originalTrainLoss: of((r) => r.originalTrainLoss),
    },
    seconds: scores.map((_, i) => seconds ?? 10 + i),
    denseSeconds: model === "dense" ? [] : scores.map(() => 40),
  };
}

export function madeUpExperiment(changes: Partial<ExperimentRecord> = {}): ExperimentRecord {
  return {
    format: "coppice-experiment",
    version: 1,
    name: "table1",
    title: "Main <table>",
    preset: "quick",
    createdAt: "2026-08-22T14:03:09.000Z",
    command: ["coppice", "experiment", "table1", "--out", "runs/table1"],
    code: hash("code"),
    training: { arch: "resnet20s" },
    seeds: [1, 2],
    models: [
      { id: "dense", label: "dense", sparsity: 0, epochs: 30 },
      { id: "omp95", label: "OMP 95 %", sparsity: 0.95, pruner: "omp", epochs: 30 },
    ],
    scenarios: [
      {
        id: "class",
        title: "Class-wise | forgetting",
        description: "All images of class 0 are forgotten.",
        kind: "class",
      },
    ],
    rows: ["dense", "omp95"].flatMap((model) => [
      madeUpRow({
        model,
        method: "original",
        label: "Original",
        scores: [
          [0, 0.02, 1, 0.52],
          [0, 0.03, 1, 0.5],
        ],
      }),
      madeUpRow({ model, method: "retrain", label: "Retrain", scores: [oracle, oracle] }),
      madeUpRow({
        model,
        method: "finetune",
        label: "FT",
        scores:
          model === "dense"
            ? [
                [0.2, 0.5, 1, 0.53],
                [0.3, 0.6, 1, 0.51],
              ]
            : [
                [0.6, 0.8, 1, 0.52],
                [0.8, 0.9, 1, 0.5],
              ],
      }),
    ]),
    tests: [
      {
        scenario: "class",
        score: "disparity",
        first: { label: "FT", model: "omp95" },
        second: { label: "FT", model: "dense" },
        difference: summary([-0.18, -0.2]),
        p: 0.033,
      },
    ],
    findings: [
      { name: "disparity-falls", claim: "it falls", published: "by 14", ours: "by 19 & more", verdict: "reproduced" },
    ],
    figures: ["method-bars"],
    failures: [],
    notes: ["a small network"],
    environment,
    ...changes,
  };
}
