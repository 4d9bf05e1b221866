/** What one cleanse of a grid did: its scores before and after from `cleanse.json`, and several of them together. */
import { join } from "node:path";
import { summarize } from "../../statistics/statistics.ts";
import { cleanseRecordSchema, type TrojanScores } from "../../record/cleanse.ts";
import type { BackdoorCell, BackdoorIntervals, BackdoorScores } from "../../record/backdoor-experiment.ts";
import type { SummaryRecord } from "../../record/experiment.ts";
import { CoppiceError } from "../../util/errors.ts";
import { readJson } from "../../util/files.ts";
import { RunFolder } from "../../stages/run-folder.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import type { StageJob } from "../../jobs/stage-jobs/index.ts";

export type Repetition = BackdoorCell["repetitions"][number];

/** Of a cleanse that is done, and the model it started from. @throws CoppiceError E_CHECKPOINT where there is no run, or no score of the attack */
export function repetitionOf(
  { cleanse, base, seed }: { readonly cleanse: StageJob; readonly base: StageJob; readonly seed: number },
  store: JobStore,
): Repetition {
  const { before, run, trace, DER } = store.read(cleanse.key, (folder) =>
    readJson(join(folder, "cleanse.json"), cleanseRecordSchema),
  );
  const { result } = store.read(base.key, (folder) => RunFolder.open(folder).readRecord());
  if (result === undefined) throw new CoppiceError("E_CHECKPOINT", `${base.title}: expected a finished run, got none`);
  if (DER === undefined) throw new CoppiceError("E_CHECKPOINT", `${cleanse.title}: expected a rating, got none`);
  return {
    seed,
    originalTrainLoss: result.trainLoss,
    before: scoresOf(before.metrics, cleanse.title),
    after: scoresOf(run.metrics, cleanse.title),
    DER: DER.value,
    intervals: {
      before: intervalsOf(before.metrics, cleanse.title),
      after: intervalsOf(run.metrics, cleanse.title),
      DER: DER.interval,
    },
    steps: run.steps,
    seconds: run.seconds,
    trace: trace.map(({ step, ASR, ASRReference, SA }) => ({ step, ASR, ASRReference, SA })),
  };
}

/** @throws CoppiceError E_CHECKPOINT where the attack was not known */
function requireAttackScores({ ASR, ASRReference, SA, robustAccuracy, heldOut }: TrojanScores, title: string) {
  if (ASR === undefined || ASRReference === undefined || robustAccuracy === undefined) {
    throw new CoppiceError("E_CHECKPOINT", `${title}: expected scores of the attack, got none`);
  }
  return { ASR, ASRReference, SA, robustAccuracy, heldOut };
}

function scoresOf(metrics: TrojanScores, title: string): BackdoorScores {
  const { ASR, ASRReference, SA, robustAccuracy, heldOut } = requireAttackScores(metrics, title);
  return {
    ASR: ASR.value,
    ASRReference: ASRReference.value,
    SA: SA.value,
    robustAccuracy: robustAccuracy.value,
    ...(heldOut !== undefined && { heldOut: heldOut.value }),
  };
}

function intervalsOf(metrics: TrojanScores, title: string): BackdoorIntervals {
  const { ASR, ASRReference, SA, robustAccuracy } = requireAttackScores(metrics, title);
  return {
    ASR: ASR.interval,
    ASRReference: ASRReference.interval,
    SA: SA.interval,
    robustAccuracy: robustAccuracy.interval,
  };
}

/** Over seeds; nothing of none. */
export function summaries(repetitions: readonly Repetition[]): Partial<BackdoorCell> {
  if (repetitions.length === 0) return {};
  const of = (value: (repetition: Repetition) => number): SummaryRecord => summarize(repetitions.map(value));
  return {
    ASR: of(({ after }) => after.ASR),
    ASRReference: of(({ after }) => after.ASRReference),
    SA: of(({ after }) => after.SA),
    robustAccuracy: of(({ after }) => after.robustAccuracy),
    DER: of(({ DER }) => DER),
    ASRBefore: of(({ before }) => before.ASR),
    ASRReferenceBefore: of(({ before }) => before.ASRReference),
    SABefore: of(({ before }) => before.SA),
    robustAccuracyBefore: of(({ before }) => before.robustAccuracy),
  };
}
