/** Unlearns the images suspected of carrying a backdoor, or repairs the model without knowing any of them, and measures what is left of the backdoor. */
import { poisonTruth } from "../data/poison/index.ts";
import { defenceEffectiveness, detectionScores } from "../evaluate/index.ts";
import type { CleanseRecord, PoisonSettings, RunRecord } from "../record/index.ts";
import type { SplitManifest } from "../record/split.ts";
import { methodNamed, readsTrainingImages } from "../unlearn/index.ts";
import { defined } from "../util/defined.ts";
import { wayTo } from "../util/places.ts";
import { resumeRun } from "./begin-run.ts";
import { writeCleanse } from "./beside-model.ts";
import type { ForgetConfig } from "./config.ts";
import { type DetectConfig, detectorOptions } from "./detect.ts";
import { environmentRecord } from "./environment.ts";
import { forgetStage, type PreparedForget, prepareForget, resumeForget } from "./forget.ts";
import { sparsityOf } from "./model-file.ts";
import { openModel } from "./open-model.ts";
import { checkParentThere, openParent, type Parent, parentPlace } from "./parent.ts";
import { RunFolder } from "./run-folder.ts";
import { imageOf } from "./samples.ts";
import { now, type StageContext } from "./stage.ts";
import { type Probed, TrojanProbe } from "./trojan-probe.ts";
import { numberedClass } from "../util/numbered-class.ts";

/** Of the class's images suspected, from which on unlearning them may remove the class. */
const mostOfAClass = 0.75;
const wantedPreviews = 8;

/** Where suspects come from: a file, a detector, or nowhere, for methods that read no training images. */
export type Suspects =
  | { readonly kind: "ids"; readonly file: string }
  | ({ readonly kind: "detect" } & Pick<DetectConfig, "detector" | "options">)
  | { readonly kind: "none" };

export interface Cleansed {
  readonly run: RunRecord;
  readonly cleanse: CleanseRecord;
}

/**
 * Applies an unlearning method to the suspects, as `forgetStage` does, and leaves `cleanse.json` beside the run.
 * @param config its request lists the suspects; without effect, and of kind `none` in the run's record, for a method that reads no records
 * @throws CoppiceError on bad settings, suspects or data (then `out` is untouched), Interrupted when asked to stop
 */
export async function cleanseStage(config: ForgetConfig, out: string, context: StageContext): Promise<Cleansed> {
  RunFolder.checkFree(out, context.force === true, [config.model, config.data.folder]);
  const cleanse = cleanseConfig(config);
  const { parent, split } = await prepareForget(cleanse, context);
  for (const warning of classWarnings(parent, split)) context.log(`warning: ${warning}`);
  using probe = probeFor(parent, config);
  const measuring = { ...context, afterEpoch: probe.afterEpoch.bind(probe) };
  const run = await forgetStage(cleanse, out, measuring);
  return { run, cleanse: await assess(RunFolder.open(out), cleanse, probe, context) };
}

/** What is forgotten to cleanse a model: the suspects, or nothing where the method reads no records. */
function cleanseConfig(config: ForgetConfig): ForgetConfig {
  const { request, cleanse = {} } = config;
  return { ...config, cleanse, request: readsTrainingImages(methodNamed(config.method)) ? request : { kind: "none" } };
}

/**
 * What can be refused of a cleanse before the suspects are known: a single image, any, stands for what a detector will find.
 * @throws CoppiceError for settings, suspects, data or models with which it cannot be done
 */
export async function prepareCleanse(
  config: Omit<ForgetConfig, "request">,
  suspects: Suspects,
  context: StageContext,
): Promise<PreparedForget> {
  if (suspects.kind === "detect") detectorOptions(suspects);
  const request = suspects.kind === "detect" ? ({ kind: "random", count: 1 } as const) : suspects;
  return await prepareForget(cleanseConfig({ ...config, request }), context);
}

/** Goes on with an interrupted cleanse, or measures one that was stopped when it had been done. */
export async function resumeCleanse(folder: RunFolder, context: StageContext): Promise<RunRecord> {
  const record = folder.readRecord();
  const { config } = resumeRun(folder, "forget", context);
  const place = parentPlace(folder.path, record);
  checkParentThere(place, record);
  const parent = await openParent(place, { ...config, needed: folder.readSplit() }, context);
  using probe = probeFor(parent, config);
  const measuring = { ...context, afterEpoch: probe.afterEpoch.bind(probe) };
  const run = record.status === "finished" ? record : await resumeForget(folder, measuring);
  await assess(folder, config, probe, context);
  return run;
}

function probeFor({ folder, loaded, original }: Parent, { device }: ForgetConfig): TrojanProbe {
  return new TrojanProbe(
    loaded,
    { attack: original.data.poison, heldOut: folder.readSplit().indices.validation },
    device,
  );
}

/** Measures a finished cleanse and the model before it, and writes the record. */
async function assess(
  folder: RunFolder,
  config: ForgetConfig,
  probe: TrojanProbe,
  context: StageContext,
): Promise<CleanseRecord> {
  const run = await openParent(folder.path, config, context);
  const split = folder.readSplit();
  const before = await openParent(parentPlace(folder.path, run.record), { ...config, needed: split }, context);
  const first = await probeRun(before, probe, config, context);
  const last = await probeRun(run, probe, config, context);
  const attack = run.original.data.poison;
  const { method, result } = run.record;
  const record: CleanseRecord = {
    format: "coppice-cleanse",
    version: 1,
    createdAt: now(),
    command: run.record.command,
    run: {
      ...describeModel(run, folder.path, last),
      method: method?.name ?? config.method,
      order: method?.order ?? "dense",
      seconds: result.seconds,
      steps: result.steps,
    },
    before: describeModel(before, folder.path, first),
    ...ratingOf(first, last),
    ...defined({
      attack,
      suspects: split.scenario.kind === "none" ? undefined : suspectsOf(config, split, attack),
    }),
    classNames: [...run.loaded.dataset.classNames],
    trace: traceOf(folder, first),
    traceImages: probe.traceImages,
    previews: previewsOf(run, split, probe, { first, last }),
    notes: [...run.record.data.notes, ...classWarnings(before, split)],
    environment: environmentRecord(config.device),
  };
  return writeCleanse(folder, record);
}

interface ProbedRun extends Probed {
  /** As after an epoch. */
  readonly traced: ReturnType<TrojanProbe["afterEpoch"]>;
}

/** With dense operators under the mask: the weights are the same whatever computes them. */
async function probeRun(
  run: Parent,
  probe: TrojanProbe,
  { device }: ForgetConfig,
  { log, signal }: StageContext,
): Promise<ProbedRun> {
  log(`measuring ${run.record.name}`);
  using opened = await openModel(run, { engine: "dense", device, normalization: run.loaded.dataset });
  const { model } = opened;
  return { ...(await probe.measure(model, signal)), traced: probe.afterEpoch(model) };
}

function describeModel({ folder, record }: Parent, from: string, { scores }: Probed): CleanseRecord["before"] {
  const path = wayTo(from, folder.path);
  const { modelSha256 } = record.result;
  return { name: record.name, path, modelSha256, sparsity: sparsityOf(record), metrics: scores };
}

function ratingOf({ scores: before }: Probed, { scores: after }: Probed): Pick<CleanseRecord, "DER"> {
  if (before.ASR === undefined || after.ASR === undefined) return {};
  const pair = { before: { ASR: before.ASR, SA: before.SA }, after: { ASR: after.ASR, SA: after.SA } };
  return { DER: defenceEffectiveness.measure(pair) };
}

function suspectsOf(
  { cleanse }: ForgetConfig,
  { scenario, indices }: SplitManifest,
  attack: PoisonSettings | undefined,
): NonNullable<CleanseRecord["suspects"]> {
  const { forget, train } = indices;
  const detector = cleanse?.detector;
  return {
    source: scenario.kind === "list" ? scenario.source : scenario.kind,
    ...defined({ detector }),
    count: forget.length,
    share: forget.length / train.length,
    ...defined({ truth: attack && detectionScores(forget, poisonTruth(train, attack).poisoned) }),
  };
}

/** From the lines of the epochs, after the model before. */
function traceOf(folder: RunFolder, { traced }: ProbedRun): CleanseRecord["trace"] {
  const lines = [{ epoch: 0, step: 0, ...traced }, ...folder.readMetrics()];
  return lines.flatMap(({ epoch, step, attackSuccess: ASR, attackSuccessReference: ASRReference, testAccuracy: SA }) =>
    ASR === undefined || ASRReference === undefined || SA === undefined ? [] : [{ epoch, step, ASR, ASRReference, SA }],
  );
}

/** Some test images of other classes than the target, spread evenly so that the choice favours none. */
function previewsOf(
  { loaded: { dataset }, original }: Parent,
  split: SplitManifest,
  { triggeredImages }: TrojanProbe,
  { first, last }: { readonly first: Probed; readonly last: Probed },
): CleanseRecord["previews"] {
  const target = original.data.poison?.target;
  if (triggeredImages === null || target === undefined) return [];
  const { labels } = dataset.test;
  const others = split.indices.test.filter((index) => labels[index] !== target);
  const count = Math.min(wantedPreviews, others.length);
  return Array.from({ length: count }, (_, i) => {
    const index = others[Math.floor((i * others.length) / count)] ?? 0;
    return {
      index,
      label: labels[index] ?? 0,
      clean: imageOf(dataset, dataset.test, index),
      triggered: imageOf(dataset, triggeredImages, index),
      predictedBefore: first.predicted[index] ?? 0,
      predictedAfter: last.predicted[index] ?? 0,
    };
  });
}

/** Classes that the suspects are nearly all of: unlearning them may remove the class, clean images and all. */
export function classWarnings({ loaded }: Pick<Parent, "loaded">, { indices }: SplitManifest): string[] {
  const { classNames, train } = loaded.dataset;
  const ofClass = (part: readonly number[], label: number): number =>
    part.filter((index) => train.labels[index] === label).length;
  return classNames.flatMap((_, label) => {
    const [some, all] = [ofClass(indices.forget, label), ofClass(indices.train, label)];
    if (some === 0 || some < mostOfAClass * all) return [];
    return [
      `${some} of the ${all} training images of class ${numberedClass(label, classNames)} are suspects: unlearning them may remove the class`,
    ];
  });
}
