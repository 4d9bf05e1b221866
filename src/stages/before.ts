/**
 * The model a run started from, for `evaluate`. Its folder may be gone: it holds what must go. Then what earlier records of the run say of it is taken,
 * and what they do not say is left out.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { withoutGaps } from "../evaluate/index.ts";
import { type EvaluateConfig, type EvaluationRecord, parseEvaluationRecord, type Scores } from "../record/index.ts";
import type { SplitManifest } from "../record/split.ts";
import { defined } from "../util/defined.ts";
import { readText } from "../util/files.ts";
import { presentForget } from "./data-context.ts";
import { checkSameParent, type ComparedModel, describeModel, openParent, type Parent } from "./parent.ts";
import { RunFolder } from "./run-folder.ts";
import type { StageContext } from "./stage.ts";

/** What is known of a model that is not there any more. */
export interface KnownBefore {
  readonly model: ComparedModel;
  readonly metrics: Scores;
  readonly verdict: EvaluationRecord["verdict"];
}

export type Before =
  | { readonly run: Parent; readonly model: ComparedModel; readonly trainLoss: number }
  | {
      readonly run: null;
      readonly path: string;
      /** Its folder is there, but no image to forget is, on which it could be measured. */
      readonly isThere: boolean;
      readonly known: KnownBefore | null;
      readonly trainLoss?: number;
    };

/**
 * The parent of a run that forgot; null of any other run.
 * @throws CoppiceError E_CHECKPOINT when another model lies where the parent was, or the parent is damaged
 */
export async function openBefore(
  run: Parent,
  split: SplitManifest,
  config: EvaluateConfig,
  context: StageContext,
): Promise<Before | null> {
  const { parent, kind } = run.record;
  if (parent === undefined || kind !== "forget") return null;
  const path = resolve(run.folder.path, parent.path);
  const isThere = holdsModel(path);
  if (!isThere || presentForget(run.loaded, split).length === 0) {
    const earlier = earlierEvaluation(run, split);
    const trainLoss = parent.trainLoss ?? earlier?.originalTrainLoss;
    const known = earlier === null ? null : knownFrom(earlier);
    return { run: null, path, isThere, known, ...defined({ trainLoss }) };
  }
  const before = await openParent(path, { ...config, needed: split }, context);
  checkSameParent(path, before.record, run.record);
  return { run: before, model: describeModel(before, run.folder.path), trainLoss: before.record.result.trainLoss };
}

/** Whether a run with its weights is in `path`; a record alone is a rest of one. */
function holdsModel(path: string): boolean {
  return RunFolder.holdsRun(path) && existsSync(join(path, "model.safetensors"));
}

/** An earlier evaluation of the same weights on the same split. @param file where it is; default beside the run's model */
export function earlierEvaluation(
  { folder, record }: Parent,
  split: SplitManifest,
  file = folder.file("evaluation"),
): EvaluationRecord | null {
  if (!existsSync(file)) return null;
  const earlier = parseEvaluationRecord(readText(file, "E_CHECKPOINT"), file);
  return earlier.run.modelSha256 === record.result.modelSha256 && earlier.split.hash === split.hash ? earlier : null;
}

function knownFrom({ before, verdict }: EvaluationRecord): KnownBefore | null {
  if (before === undefined) return null;
  const { metrics, disparityAverage: _average, disparityInterval: _interval, ...model } = before;
  return { model, metrics: withoutGaps(metrics), verdict };
}

/** Why there are no numbers of it, or from where. Undefined where the model is there. */
export function goneNote(before: Before | null): string | undefined {
  if (before === null || before.run !== null || before.isThere) return undefined;
  return before.known === null
    ? `The original is no longer in ${before.path}, so that the scores before forgetting cannot be measured.`
    : `The original is no longer in ${before.path}: the scores before forgetting are those of an earlier evaluation.`;
}
