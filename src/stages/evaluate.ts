/** Evaluates a run: its scores, those of the model it came from and of Retrain, what became of its answers, and some forget images before and after. */
import { join, resolve } from "node:path";
import {
  answersOf,
  compareScores,
  compareWithOracle,
  disparityGain,
  type Evaluation,
  evaluateLogits,
  type Guessing,
  guessing,
  sameAnswers,
  withoutGaps,
} from "../evaluate/index.ts";
import { checkConfig, type EvaluateConfig, evaluateConfigSchema, type EvaluationRecord } from "../record/index.ts";
import { checkSameBase, checkSameSplit, splitReference, type SplitManifest } from "../record/split.ts";
import { checkDevice } from "../torch/index.ts";
import { predict, type Prediction } from "../train/index.ts";
import type { EngineChoice } from "../sparse/index.ts";
import { defined } from "../util/defined.ts";
import { CoppiceError } from "../util/errors.ts";
import { makeFolder, writeJson } from "../util/files.ts";
import { type Before, goneNote, openBefore } from "./before.ts";
import { part, testPart } from "./data-context.ts";
import { engineRecord } from "./engine.ts";
import { environmentRecord } from "./environment.ts";
import { openModel } from "./open-model.ts";
import { openOracle, type Oracle } from "./oracle.ts";
import { type ComparedModel, describeModel, openParent, type Parent } from "./parent.ts";
import { RunFolder } from "./run-folder.ts";
import { forgetSamples, showsSamples } from "./samples.ts";
import { now, type StageContext } from "./stage.ts";

export type { EvaluateConfig };

type Metrics = EvaluationRecord["metrics"];
type BeforeRecord = NonNullable<EvaluationRecord["before"]>;

/**
 * Evaluates a finished run. The record of a run that forgot goes to its folder as `evaluation.json`.
 * @throws CoppiceError when runs are unfinished, changed, of different splits or originals; before any of them is computed
 */
export async function evaluateStage(config: EvaluateConfig, context: StageContext): Promise<EvaluationRecord> {
  checkConfig(evaluateConfigSchema, config);
  checkDevice(config.device);
  const run = await openParent(config.model, config, context);
  const split = splitFor(config, run);
  const oracle = await openOracle(config, { run, split }, context);
  const before = await openBefore(run, split, config, context);
  const gone = goneNote(before);
  if (gone !== undefined) context.log(`note: ${gone}`);
  const asked: Asked = { config, run, split, oracle, before };
  const scored = await scoreAll(asked, context);
  const record = recordOf(asked, scored, gone);
  for (const { forget } of [scored.own, scored.before]) {
    forget?.logits.dispose();
    forget?.labels.dispose();
  }
  if (config.out !== undefined) writeRecord(config.out, record);
  else if (run.record.kind === "forget") run.folder.writeJson("evaluation", record);
  return record;
}

/** All models that are asked about, checked. */
interface Asked {
  readonly config: EvaluateConfig;
  readonly run: Parent;
  readonly split: SplitManifest;
  readonly oracle: Oracle | null;
  readonly before: Before | null;
}

interface AllScored {
  readonly own: Scored;
  readonly before: ScoredBefore;
  readonly oracle: Metrics | null;
}

/** Of the model before what is measured, or known of it. */
interface ScoredBefore extends Partial<Pick<Scored, "forget">> {
  readonly model?: ComparedModel;
  readonly metrics?: BeforeRecord["metrics"];
  readonly guesses?: boolean;
  /** Share of the forget images with the same answer, where it is known of a model that is gone. */
  readonly same?: number;
}

async function scoreAll({ config, run, split, oracle, before }: Asked, context: StageContext): Promise<AllScored> {
  const score = async (of: Parent): Promise<Scored> => await scoreRun(of, split, config, context);
  context.log(`evaluating ${run.record.name}`);
  const own = await score(run);
  const first =
    before === null ? {} : before.run === null ? knownScores(before) : scoresBefore(before, await score(before.run));
  if (oracle === null || oracle.known !== null) {
    return { own, before: first, oracle: oracle?.known ? metricsOf(oracle.known) : null };
  }
  context.log(`evaluating the oracle ${oracle.run.record.name}`);
  const { evaluation, forget } = await score(oracle.run);
  forget.logits.dispose();
  forget.labels.dispose();
  return { own, before: first, oracle: evaluation.metrics };
}

function scoresBefore(
  { model }: { readonly model: ComparedModel },
  { evaluation, forget, guess }: Scored,
): ScoredBefore {
  const { UA, RA, TA, MIA } = evaluation.metrics;
  return { model, metrics: { UA, RA, TA, MIA }, forget, guesses: guess.guesses };
}

function knownScores({ known }: Extract<Before, { readonly run: null }>): ScoredBefore {
  if (known === null) return {};
  const { model, metrics, verdict } = known;
  return { model, metrics, ...defined({ guesses: verdict?.guessedBefore, same: verdict?.same }) };
}

function recordOf(
  { config, run, split, oracle, before }: Asked,
  scored: AllScored,
  gone: string | undefined,
): EvaluationRecord {
  const { own } = scored;
  const { dataset } = run.loaded;
  const compared = scored.oracle === null ? null : compareWithOracle(own.evaluation.metrics, scored.oracle);
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
    split: splitReference(split, dataset.classNames),
    metrics: compared?.metrics ?? own.evaluation.metrics,
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
    samples: shown ? forgetSamples(dataset, split, own.forget, scored.before.forget ?? null) : [],
    notes: [...run.record.data.notes, ...own.evaluation.notes, ...(gone === undefined ? [] : [gone])],
    environment: environmentRecord(config.device),
  };
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
  const same = forget === undefined ? before.same : sameAnswers(forget, own.forget);
  const { chance, commonest } = own.guess;
  const gain =
    metrics === undefined || oracle === null ? undefined : disparityGain(own.evaluation.metrics, metrics, oracle);
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

function writeRecord(folder: string, record: EvaluationRecord): void {
  makeFolder(folder);
  writeJson(join(folder, "evaluation.json"), record);
}

function splitFor({ splitOf, model }: EvaluateConfig, run: Parent): SplitManifest {
  const split = (splitOf === undefined ? run.folder : RunFolder.open(splitOf)).readSplit();
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

interface Scored {
  readonly evaluation: Evaluation;
  /** The caller frees it. */
  readonly forget: Prediction;
  readonly guess: Guessing;
  readonly engine: EngineChoice | null;
}

async function scoreRun(
  run: Parent,
  split: SplitManifest,
  config: EvaluateConfig,
  context: StageContext,
): Promise<Scored> {
  const { device } = config;
  const { loaded, record } = run;
  const normalization = loaded.dataset;
  using opened = await openModel(run, { engine: config.engine, device, normalization, log: context.log });
  const { model, engine } = opened;
  if (engine !== null) context.log(`${record.name}: ${engine.name} engine, ${engine.reason}`);
  const options = defined({ signal: context.signal });
  const forget = await predict(model, part(loaded, split, "forget"), options);
  const retain = await predict(model, part(loaded, split, "retain"), options);
  const test = await predict(model, testPart(loaded, split), options);
  const { seconds, denseSeconds } = record.result;
  const { metrics, notes } = await evaluateLogits({ forget, retain, test, seconds }, options);
  const RTE = { ...metrics.RTE, ...defined({ denseSeconds }) };
  const guess = guessing({ retain, test });
  for (const { logits, labels } of [retain, test]) {
    logits.dispose();
    labels.dispose();
  }
  return { evaluation: { metrics: { ...metrics, RTE }, notes }, forget, guess, engine };
}

/** Retrain's own, from its own evaluation. */
function metricsOf({ metrics }: EvaluationRecord): Metrics {
  const { seconds, denseSeconds } = metrics.RTE;
  return { ...withoutGaps(metrics), RTE: { seconds, ...defined({ denseSeconds }) } };
}
