/** From finished transfers to points, and to rows over seeds. */
import { summarize } from "../../statistics/index.ts";
import { proportion } from "../../evaluate/proportion.ts";
import { NOTHING_REMOVED, type TransferPoint, type TransferRow } from "../../record/index.ts";
import { invariant } from "../../util/errors.ts";
import { groupBy } from "../../util/lists.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import { RunFolder } from "../../stages/run-folder.ts";
import type { Cell } from "./transfer-jobs.ts";
import { RETRAIN } from "./transfer-spec.ts";

/** @param classNames the source's */
export function transferPoint(cell: Cell, classNames: readonly string[], store: JobStore): TransferPoint {
  const { method, removed, seed, forget, transfer } = cell;
  const { result } = RunFolder.open(store.folderOf(transfer.key)).requireFinished();
  const { test, trainAccuracy, seconds: transferSeconds, modelSha256 } = result;
  invariant(test, "a transfer is scored on test images");
  const forgetting = forget && RunFolder.open(store.folderOf(forget.key)).requireFinished().result.seconds;
  return {
    method: method ?? NOTHING_REMOVED,
    removed: removed.map((label) => classNames[label] ?? ""),
    seed,
    accuracy: proportion(test.correct, test.count, "higher"),
    trainAccuracy,
    ...(forgetting === null ? {} : { forgetSeconds: forgetting }),
    transferSeconds,
    modelSha256,
  };
}

/** One row for each method and number of classes, in the order of the points. */
export function transferRows(points: readonly TransferPoint[]): TransferRow[] {
  const groups = groupBy(points, ({ method, removed }) => `${method} ${removed.length}`);
  return groups.map((group) => rowOf(group[0], group, points));
}

function rowOf(
  { method, removed }: TransferPoint,
  group: readonly TransferPoint[],
  points: readonly TransferPoint[],
): TransferRow {
  const minus = (other: string, count: number): number[] =>
    group.flatMap(({ seed, accuracy }) => {
      const found = points.find((p) => p.method === other && p.removed.length === count && p.seed === seed);
      return found === undefined ? [] : [accuracy.value - found.accuracy.value];
    });
  const gains = method === NOTHING_REMOVED ? [] : minus(NOTHING_REMOVED, 0);
  const gaps = method === NOTHING_REMOVED || method === RETRAIN ? [] : minus(RETRAIN, removed.length);
  const forgetting = group.flatMap(({ forgetSeconds }) => forgetSeconds ?? []);
  return {
    method,
    removed: [...removed],
    accuracy: summarize(group.map(({ accuracy }) => accuracy.value)),
    ...(gains.length === 0 ? {} : { gain: summarize(gains) }),
    ...(gaps.length === 0 ? {} : { gap: summarize(gaps) }),
    ...(forgetting.length === 0 ? {} : { forgetSeconds: summarize(forgetting).mean }),
    transferSeconds: summarize(group.map(({ transferSeconds }) => transferSeconds)).mean,
  };
}
