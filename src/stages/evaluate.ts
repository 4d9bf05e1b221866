/** Evaluates a run: its scores, those of the model it came from and of Retrain, what became of its answers, and some forget images before and after. */
import { join, resolve } from "node:path";
import {
  answersOf,
  compareScores,
  compareWithOracle,
  disparityGain,
  type EvaluationMetrics,
  sameAnswers,
  withoutGaps,
} from "../evaluate/index.ts";
import {
  checkConfig,
  type CompleteEvaluation,
  type Copies,
  type EvaluateConfig,
  evaluateConfigSchema,
  type EvaluationRecord,
  hasAllScores,
} from "../record/index.ts";
import { sealRecord } from "../record/seal.ts";
import { checkSameBase, checkSameSplit, splitReference, type SplitManifest } from "../record/split.ts";
import { checkDevice } from "../torch/index.ts";
import { defined } from "../util/defined.ts";
import { CoppiceError, invariant } from "../util/errors.ts";
import { makeFolder, writeJson } from "../util/files.ts";
import { type Before, earlierEvaluation, goneNote, openBefore } from "./before.ts";
import { presentForget } from "./data-context.ts";
import { engineRecord } from "./engine.ts";
import { environmentRecord } from "./environment.ts";
import { checkApart } from "./output.ts";
import { openOracle, type Oracle } from "./oracle.ts";
import { type ComparedModel, describeModel, openParent, type Parent } from "./parent.ts";
import { runFiles } from "./run-files.ts";
import { RunFolder } from "./run-folder.ts";
import { forgetSamples, showsSamples } from "./samples.ts";
import { type ForgetScores, goneForgetNote, type Scored, scoreRun } from "./score-run.ts";
import { keptEvaluation } from "./kept-evaluation.ts";
import { now, type StageContext } from "./stage.ts";

export type { EvaluateConfig };

type BeforeRecord = NonNullable<EvaluationRecord["before"]>;

/**
 * Evaluates a finished run. The record of a run that forgot goes to its folder as `evaluation.json`.
 * @throws CoppiceError when runs are unfinished, changed, of different splits or originals; before any of them is computed
 */
export async function evaluateStage(config: EvaluateConfig, context: StageContext): Promise<EvaluationRecord> {
  checkConfig(evaluateConfigSchema, config);
  const { model, splitOf, oracle: oraclePath, data } = config;
  if (config.out !== undefined) checkApart(config.out, [model, splitOf, oraclePath, data.folder]);
  checkDevice(config.device);
  const given = splitOf === undefined ? undefined : RunFolder.open(splitOf).readSplit();
  const run = await openParent(config.model, { ...config, ...defined({ needed: given }) }, context);
  const split = splitFor(config, run, given);
  const oracle = await openOracle(config, { run, split }, context);
  const before = await openBefore(run, split, config, context);
  const kept = keptEvaluation({ config, run, split, oracle }, context.log);
  if (kept !== undefined) return writeRecord(run.folder.path, kept);
  const known = knownScores(run, split);
  const notes = [goneNote(before), goneForgetNote(run.loaded, split, known)].filter((note) => note !== undefined);
  for (const note of notes) context.log(`note: ${note}`);
  const asked: Asked = { config, run, split, oracle, before, known };
  const scored = await scoreAll(asked, context);
  const record = recordOf(asked, scored, notes);
  for (const { forget } of [scored.own, scored.before]) {
    forget?.logits.dispose();
    forget?.labels.dispose();
  }
  const own = run.record.kind === "forget" ? run.folder.path : undefined;
  return writeRecord(config.out ?? own, record);
}

/** All models that are asked about, checked. */
interface Asked {
  readonly config: EvaluateConfig;
  readonly run: Parent;
  readonly split: SplitManifest;
  readonly oracle: Oracle | null;
  readonly before: Before | null;
  /** Of an earlier evaluation, where no image to forget is left. */
  readonly known: ForgetScores | undefined;
}

interface AllScored {
  readonly own: Scored;
  readonly before: ScoredBefore;
  readonly oracle: EvaluationMetrics | null;
}

/** Of the model before what is measured, or known of it. */
interface ScoredBefore extends Partial<Pick<Scored, "forget">> {
  readonly model?: ComparedModel;
  readonly metrics?: BeforeRecord["metrics"];
  readonly guesses?: boolean;
  /** Share of the forget images with the same answer, where it is known of a model that is gone. */
  readonly same?: number;
}

async function scoreAll(asked: Asked, context: StageContext): Promise<AllScored> {
  const { config, run, split, before, known } = asked;
  const score = async (of: Parent): Promise<Scored> => await scoreRun({ run: of, split, config }, context);
  context.log(`evaluating ${run.record.name}`);
  const own = await scoreRun({ run, split, config, known }, context);
  const first =
    before === null
      ? {}
      : before.run === null
        ? scoresKnown(before, own)
        : scoresBefore(before, await score(before.run));
  const oracle = await scoreOracle(asked, own, context);
  return { own, before: first, oracle };
}

/** By its own evaluation, or by one made now; null without an oracle, or where no image to forget is left. */
async function scoreOracle(
  { config, split, oracle }: Asked,
  own: Scored,
  context: StageContext,
): Promise<EvaluationMetrics | null> {
  if (oracle === null) return null;
  if (!hasAllScores(own)) return null;
  // Retrain's scores are of the same images to forget, or no comparison.
  if (oracle.known?.metrics.UA.count === own.metrics.UA.count) return metricsOf(oracle.known);
  if (own.forget === null) {
    context.log(`note: ${oracle.run.record.name} was not evaluated on the images that are gone: nothing is compared`);
    return null;
  }
  context.log(`evaluating the oracle ${oracle.run.record.name}`);
  const { metrics, forget } = await scoreRun({ run: oracle.run, split, config }, context);
  forget?.logits.dispose();
  forget?.labels.dispose();
  return wholeOf(metrics);
}

/** Of images that are there everything is measured. */
function wholeOf(metrics: EvaluationRecord["metrics"]): EvaluationMetrics {
  const whole = { metrics };
  invariant(hasAllScores(whole), "all scores of images that are there");
  return whole.metrics;
}

function scoresBefore({ model }: { readonly model: ComparedModel }, { metrics, forget, guess }: Scored): ScoredBefore {
  const { UA, RA, TA, MIA } = wholeOf(metrics);
  return { model, metrics: { UA, RA, TA, MIA }, forget, guesses: guess.guesses };
}

/** Of the same images to forget as the model's own, or nothing. */
function scoresKnown({ known }: Extract<Before, { readonly run: null }>, own: Scored): ScoredBefore {
  if (known === null || known.metrics.UA.count !== own.metrics.UA?.count) return {};
  const { model, metrics, verdict } = known;
  return { model, metrics, ...defined({ guesses: verdict?.guessedBefore, same: verdict?.same }) };
}

/** From an earlier evaluation, where no image to forget is left. */
function knownScores(run: Parent, split: SplitManifest): ForgetScores | undefined {
  if (presentForget(run.loaded, split).length > 0) return undefined;
  const earlier = earlierEvaluation(run, split);
  if (earlier === null || !hasAllScores(earlier)) return undefined;
  const { UA, MIA } = withoutGaps(earlier.metrics);
  return { UA, MIA };
}

function recordOf(asked: Asked, scored: AllScored, notes: readonly string[]): EvaluationRecord {
  const { config, run, split, oracle, before } = asked;
  const { own } = scored;
  const { dataset } = run.loaded;
  const compared = scored.oracle === null ? null : compareWithOracle(wholeOf(own.metrics), scored.oracle);
  const shown = showsSamples(config.withSamples, { data: run.original.data, verified: run.record.data.verified });
  return {
    format: "coppice-evaluation",
    version: 1,
    createdAt: now(),
    run: {
      ...describeModel(run, run.folder.path),
      path: config.model,
      ...defined({ method: run.record.method?.name, order: run.record.method?.order }),
      ...engineRecord(own.engine),
    },
    split: { ...splitReference(split, dataset.classNames), ...defined({ copies: copiesIn(asked) }) },
    metrics: compared?.metrics ?? own.metrics,
    ...defined({
      disparityAverage: compared?.disparityAverage,
      disparityInterval: compared === null ? undefined : pair(compared.disparityInterval),
      oracle:
        oracle === null || scored.oracle === null
          ? undefined
          : { ...describeModel(oracle.run, resolve(config.model)), metrics: scored.oracle },
      before: beforeRecord(scored),
      originalTrainLoss: before === null ? run.record.result.trainLoss : before.trainLoss,
    }),
    verdict: verdictOf(scored),
    samples: shown ? samplesOf(asked, scored) : [],
    notes: [...run.record.data.notes, ...own.notes, ...notes],
    environment: environmentRecord(config.device),
  };
}

/** Of the images to forget that are still there. */
function samplesOf({ run, split }: Asked, { own, before }: AllScored): EvaluationRecord["samples"] {
  if (own.forget === null) return [];
  const indices = { ...split.indices, forget: presentForget(run.loaded, split) };
  return forgetSamples(run.loaded.dataset, { ...split, indices }, own.forget, before.forget ?? null);
}

/** Copies of the images to forget that stay, as the run which forgets them has counted them. */
function copiesIn({ config: { splitOf }, run }: Asked): Copies | undefined {
  return (splitOf === undefined ? run.record : RunFolder.open(splitOf).readRecord()).split.copies;
}

/** The model before, with a gap wherever the model has one. */
function beforeRecord({ before: { model, metrics }, oracle }: AllScored): BeforeRecord | undefined {
  if (model === undefined || metrics === undefined) return undefined;
  if (oracle === null) return { ...model, metrics };
  const { metrics: compared, disparityAverage, disparityInterval } = compareScores(metrics, oracle);
  return { ...model, metrics: compared, disparityAverage, disparityInterval: pair(disparityInterval) };
}

function verdictOf({ own, before, oracle }: AllScored): NonNullable<EvaluationRecord["verdict"]> {
  const { metrics, guesses, forget } = before;
  const same =
    forget === undefined || forget === null || own.forget === null ? before.same : sameAnswers(forget, own.forget);
  const { chance, commonest } = own.guess;
  const gain =
    metrics === undefined || oracle === null ? undefined : disparityGain(wholeOf(own.metrics), metrics, oracle);
  return {
    answers: answersOf(own.guess, same),
    ...defined({ same }),
    chance,
    commonest,
    ...defined({
      guessedBefore: guesses,
      gain: gain && { value: gain.value, interval: pair(gain.interval) },
    }),
  };
}

function pair([low, high]: readonly [number, number]): [number, number] {
  return [low, high];
}

/** @returns the record with its hash, as it was written */
function writeRecord(folder: string | undefined, record: EvaluationRecord): EvaluationRecord {
  const sealed = sealRecord(record);
  if (folder === undefined) return sealed;
  makeFolder(folder);
  writeJson(join(folder, runFiles.evaluation), sealed);
  return sealed;
}

function splitFor({ splitOf, model }: EvaluateConfig, run: Parent, given: SplitManifest | undefined): SplitManifest {
  const split = given ?? run.folder.readSplit();
  if (split.scenario.kind === "none") {
    throw new CoppiceError(
      "E_CONFIG",
      `${splitOf ?? model}: expected a run with a forget set, got one that forgets nothing`,
      {
        hint: "evaluate a run made by `coppice forget`, or name one with --split to evaluate this model on its forget set",
      },
    );
  }
  checkSameBase(split, run.folder.readSplit(), model);
  if (run.record.kind === "forget") checkSameSplit(split, run.folder.readSplit(), model);
  return split;
}

/** Retrain's own, from its own evaluation. */
function metricsOf({ metrics }: CompleteEvaluation): EvaluationMetrics {
  const { seconds, denseSeconds } = metrics.RTE;
  return { ...withoutGaps(metrics), RTE: { seconds, ...defined({ denseSeconds }) } };
}
