/** What a reader must know before believing the numbers: the records' own notes, and what follows from the records. */
import type { EvaluationRecord, RunRecord } from "../../record/index.ts";
import { loss, percent, sparsityName } from "../../format/index.ts";

/** An original below this accuracy on the retained images has not fitted what it was trained on. */
export const FITTED_ACCURACY = 0.99;
/** Sparsities this close are the same. */
const SAME_SPARSITY = 0.01;

/** Notes of a run and its evaluation, without repeats. */
export function notesOf(run: RunRecord, evaluation: EvaluationRecord | undefined): string[] {
  return [
    ...new Set([
      ...statusNotes(run),
      ...dataNotes(run),
      ...(run.method?.caution === undefined ? [] : [run.method.caution]),
      ...(run.result?.notes ?? []),
      ...emptyLayerNotes(run),
      ...(evaluation === undefined ? [] : evaluationNotes(evaluation)),
      ...busyNotes(run),
    ]),
  ];
}

/** Notes on the data set a run used. */
export function dataNotes({ data }: RunRecord): string[] {
  const unverified = `The files of ${data.name} do not have the published checksums: results need not agree with those on the official data.`;
  return [...(data.verified ? [] : [unverified]), ...data.notes];
}

/** Notes that follow from an evaluation. */
export function evaluationNotes(evaluation: EvaluationRecord): string[] {
  const { notes, oracle, before, originalTrainLoss } = evaluation;
  const accuracy = before?.metrics.RA.value;
  const origin = before?.sparsity ?? evaluation.run.sparsity;
  return [
    ...notes,
    ...(accuracy !== undefined && accuracy < FITTED_ACCURACY
      ? [
          `The original has not fitted what it was trained on (${percent(accuracy)} of the retained images right${originalTrainLoss === undefined ? "" : `, training loss ${loss(originalTrainLoss)}`}). Such a model forgets easily whatever the method, so its scores say little about the method.`,
        ]
      : []),
    ...(oracle !== undefined && Math.abs(oracle.sparsity - origin) > SAME_SPARSITY
      ? [
          `The oracle is ${sparsityName(oracle.sparsity)}, the original ${sparsityName(origin)}: gaps mix forgetting with pruning. Compare with a Retrain of the same sparsity.`,
        ]
      : []),
  ];
}

function statusNotes({ status, error }: RunRecord): string[] {
  switch (status) {
    case "finished":
      return [];
    case "failed":
      return [`The run failed${error === undefined ? "" : `: ${error.message} (${error.code})`}.`];
    case "interrupted":
      return ["The run was interrupted before its end; it can be resumed."];
    case "running":
      return ["The run had not ended when this page was made, or was killed; it can be resumed."];
  }
}

/** Layers without a weight, of the model as it ended, or under its mask where it has not. */
function emptyLayerNotes({ result, mask }: RunRecord): string[] {
  const empty = (result?.layers ?? mask?.layers ?? []).filter(({ nonzero }) => nonzero === 0).map(({ name }) => name);
  if (empty.length === 0) return [];
  const [layers, them] = empty.length === 1 ? ["One layer has", "it"] : [`${empty.length} layers have`, "them"];
  return [
    `${layers} no weight left (${empty.join(", ")}): nothing passes ${them} but the shortcut beside, where there is one. Pruning with --keep-connected leaves every layer a weight.`,
  ];
}

function busyNotes({ environment: { loadAverage, cores } }: RunRecord): string[] {
  if (loadAverage[0] <= cores / 2) return [];
  return [
    `The machine was busy at the start (load ${loadAverage[0].toFixed(1)} on ${cores} cores), so times may be too long.`,
  ];
}
