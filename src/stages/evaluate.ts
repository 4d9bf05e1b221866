/** Evaluates a run: its scores, those of the model it came from and of Retrain, and some forget images before and after. */
import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { compareWithOracle, type Evaluation, evaluateLogits } from "../evaluate/index.ts";
import {
  checkConfig,
  type EvaluateConfig,
  evaluateConfigSchema,
  type EvaluationRecord,
  parseEvaluationRecord,
  type RunRecord,
} from "../record/index.ts";
import { checkSameBase, checkSameSplit, splitReference, type SplitManifest } from "../record/split.ts";
import { checkDevice } from "../torch/index.ts";
import { predict, type Prediction } from "../train/index.ts";
import type { EngineChoice } from "../sparse/index.ts";
import { defined } from "../util/defined.ts";
import { CoppiceError } from "../util/errors.ts";
import { makeFolder, readText, writeJson } from "../util/files.ts";
import { part, testPart } from "./data-context.ts";
import { engineRecord } from "./engine.ts";
import { environmentRecord } from "./environment.ts";
import { sparsityOf } from "./model-file.ts";
import { openModel } from "./open-model.ts";
import { checkSameParent, openParent, type Parent } from "./parent.ts";
import { RunFolder } from "./run-folder.ts";
import { forgetSamples } from "./samples.ts";
import { now, type StageContext } from "./stage.ts";

export type { EvaluateConfig };

/**
 * Evaluates a finished run. The record of a run that forgot goes to its folder as `evaluation.json`.
 * @throws CoppiceError when runs are unfinished, changed, or of different splits.
 */
export async function evaluateStage(config: EvaluateConfig, context: StageContext): Promise<EvaluationRecord> {
  checkConfig(evaluateConfigSchema, config);
  checkDevice(config.device);
  const run = await openParent(config.model, config, context);
  const split = splitFor(config, run);
  const own = run.record.kind === "forget";
  context.log(`evaluating ${run.record.name}`);
  const scored = await scoreRun(run, split, config, context);
  const before = own ? await beforeOf(run, split, config, context) : null;
  const oracle = config.oracle === undefined ? null : await oracleOf(config.oracle, split, config, context);
  const { dataset } = run.loaded;
  const compared = oracle === null ? null : compareWithOracle(scored.evaluation.metrics, oracle.metrics);
  const record: EvaluationRecord = {
    format: "coppice-evaluation",
    version: 1,
    createdAt: now(),
    run: {
      ...describeModel(run, run.folder.path),
      path: config.model,
      ...defined({ method: run.record.method?.name, order: run.record.method?.order }),
      ...engineRecord(scored.engine),
    },
    split: splitReference(split, dataset.classNames),
    metrics: compared?.metrics ?? scored.evaluation.metrics,
    ...defined({
      disparityAverage: compared?.disparityAverage,
      disparityInterval: compared === null ? undefined : ([...compared.disparityInterval] as [number, number]),
      oracle: oracle === null ? undefined : { ...oracle.model, metrics: oracle.metrics },
      before: before === null ? undefined : { ...before.model, metrics: scoresOf(before.evaluation) },
    }),
    originalTrainLoss: before?.trainLoss ?? run.record.result.trainLoss,
    samples: forgetSamples(dataset, split, scored.forget, before?.forget ?? null),
    notes: [...run.record.data.notes, ...scored.evaluation.notes],
    environment: environmentRecord(config.device),
  };
  for (const prediction of [scored.forget, before?.forget]) disposePrediction(prediction);
  if (config.out !== undefined) writeRecord(config.out, record);
  else if (own) run.folder.writeJson("evaluation", record);
  return record;
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
  /** Kept for the sample images; the caller frees it. */
  readonly forget: Prediction;
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
  disposePrediction(retain);
  disposePrediction(test);
  return { evaluation: { metrics: { ...metrics, RTE }, notes }, forget, engine };
}

function disposePrediction(prediction: Prediction | undefined): void {
  prediction?.logits.dispose();
  prediction?.labels.dispose();
}

type ComparedModel = Omit<NonNullable<EvaluationRecord["before"]>, "metrics">;

function describeModel({ folder, record }: Parent, from: string): ComparedModel {
  const path = relative(from, folder.path) || ".";
  return { name: record.name, path, modelSha256: record.result.modelSha256, sparsity: sparsityOf(record as RunRecord) };
}

function scoresOf({ metrics: { UA, RA, TA, MIA } }: Evaluation): NonNullable<EvaluationRecord["before"]>["metrics"] {
  return { UA, RA, TA, MIA };
}

interface Before extends Scored {
  readonly model: ComparedModel;
  readonly trainLoss: number;
}

/** The model the run started from, on the run's split. */
async function beforeOf(
  run: Parent,
  split: SplitManifest,
  config: EvaluateConfig,
  context: StageContext,
): Promise<Before | null> {
  const { parent } = run.record;
  if (parent === undefined) return null;
  const path = resolve(run.folder.path, parent.path);
  const before = await openParent(path, config, context);
  checkSameParent(path, before.record, run.record);
  const scored = await scoreRun(before, split, config, context);
  return { ...scored, model: describeModel(before, run.folder.path), trainLoss: before.record.result.trainLoss };
}

/** Retrain's metrics on the split: from its own evaluation where there is one of the same weights and split. */
async function oracleOf(
  path: string,
  split: SplitManifest,
  config: EvaluateConfig,
  context: StageContext,
): Promise<{ model: ComparedModel; metrics: EvaluationRecord["metrics"] }> {
  const oracle = await openParent(path, config, context);
  if (oracle.record.method?.name !== "retrain") {
    throw new CoppiceError(
      "E_CONFIG",
      `${path}: expected a run of method retrain as oracle, got ${oracle.record.method?.name ?? oracle.record.kind}`,
      {
        hint: "make one with `coppice forget --method retrain` and the same forget set",
      },
    );
  }
  checkSameSplit(split, oracle.folder.readSplit(), path);
  const model = describeModel(oracle, resolve(config.model));
  const file = config.oracleEvaluation ?? oracle.folder.file("evaluation");
  if (existsSync(file)) {
    const known = parseEvaluationRecord(readText(file, "E_CHECKPOINT"), file);
    const same = known.run.modelSha256 === model.modelSha256 && known.split.hash === split.hash;
    if (same) return { model, metrics: withoutGaps(known.metrics) };
  }
  context.log(`evaluating the oracle ${oracle.record.name}`);
  const { evaluation, forget } = await scoreRun(oracle, split, config, context);
  disposePrediction(forget);
  return { model, metrics: evaluation.metrics };
}

function withoutGaps(metrics: EvaluationRecord["metrics"]): EvaluationRecord["metrics"] {
  const { seconds, denseSeconds } = metrics.RTE;
  return { ...metrics, RTE: defined({ seconds, denseSeconds }) };
}
