/**
 * Figure 6: what is left of a backdoor after forgetting the poisoned records, over the sparsity of the model.
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, figure 6
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d main_backdoor.py
 * Differs    all poisoned records are known, as there; the attack success is that on images of other classes (the published one counts all)
 */
import { join } from "node:path";
import { summarize } from "../evaluate/statistics.ts";
import { cleanseRecordSchema } from "../record/cleanse.ts";
import type { CleansingCell, CleansingRecord, CleansingScores } from "../record/cleansing.ts";
import type { SummaryRecord } from "../record/experiment.ts";
import type { OptionValues } from "../unlearn/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { readJson } from "../util/files.ts";
import { groupBy } from "../util/lists.ts";
import type { TrainConfig } from "./config.ts";
import { environmentRecord } from "./environment.ts";
import { cleansingFindings } from "./cleansing-findings.ts";
import { codeVersion } from "./grid/code-version.ts";
import { failuresOf, planJobs } from "./grid/experiment.ts";
import { JobStore } from "./grid/job-store.ts";
import type { PlanLine } from "./grid/plan.ts";
import { type JobsOutcome, type JobsStatus, runJobs } from "./grid/run-jobs.ts";
import { cleanseJob, poisonJob, pruneJob, type StageJob, suspectsJob, trojanedJob } from "./grid/stage-jobs.ts";
import { RunFolder } from "./run-folder.ts";
import { now, type StageContext } from "./stage.ts";
import type { SuspectQuality } from "./suspects.ts";

export interface CleansingWay {
  readonly label: string;
  readonly method: string;
  readonly options: OptionValues;
  /** Of the models it starts from; default all. */
  readonly sparsities?: readonly number[];
  /** How good the list of suspects is; default the truth. */
  readonly suspects?: Omit<SuspectQuality, "seed">;
}

export interface CleansingSpec {
  readonly name: string;
  readonly title: string;
  readonly preset: string;
  /** Of the Trojaned original; the seed comes from the grid. */
  readonly train: TrainConfig;
  readonly attacks: readonly string[];
  readonly ratio: number;
  readonly target: number;
  /** In [0, 1); 0 is dense. */
  readonly sparsities: readonly number[];
  readonly ways: readonly CleansingWay[];
  readonly seeds: readonly number[];
  readonly notes: readonly string[];
}

interface Cell {
  readonly attack: string;
  readonly sparsity: number;
  readonly way: CleansingWay;
  readonly seed: number;
  readonly base: StageJob;
  readonly cleanse: StageJob;
}

/** Every cell with its jobs, in the order of the table. */
export function cleansingCells(spec: CleansingSpec): Cell[] {
  return spec.attacks.flatMap((attack) =>
    spec.sparsities.flatMap((sparsity) =>
      spec.ways
        .filter(({ sparsities }) => sparsities?.includes(sparsity) ?? true)
        .flatMap((way) => spec.seeds.map((seed) => cellOf(spec, { attack, sparsity, way, seed }))),
    ),
  );
}

function cellOf(spec: CleansingSpec, which: Omit<Cell, "base" | "cleanse">): Cell {
  const { attack, sparsity, way, seed } = which;
  const train = { ...spec.train, seed };
  const name = `seed ${seed}, ${attack}`;
  const { data, split, device, recipe } = train;
  const request = { attack, options: {}, target: spec.target, ratio: spec.ratio, seed, split: { ...split, seed } };
  const poison = poisonJob(`${name}: poison`, { data, request }, train);
  const original = trojanedJob(`${name}: train`, poison, train);
  const where = data.folder === undefined ? {} : { folder: data.folder };
  const common = { data: { allowUnverified: data.allowUnverified, ...where }, seed, device };
  const base =
    sparsity === 0
      ? original
      : pruneJob(`${name}: prune to sparsity ${sparsity}`, original, { ...common, pruner: "omp", sparsity });
  const suspects =
    way.suspects === undefined
      ? poison
      : suspectsJob(`${name}: suspects for ${way.label}`, poison, { ...way.suspects, seed });
  const cleanse = cleanseJob(
    `${name}, sparsity ${sparsity}: ${way.label}`,
    { from: base, suspects },
    { ...common, method: way.method, options: way.options, batchSize: recipe.batchSize },
  );
  return { ...which, base, cleanse };
}

/**
 * Does what is not done of the grid in the folder `store`, beside other processes that may be at it.
 * @throws Interrupted when asked to stop
 */
export async function runCleansing(
  spec: CleansingSpec,
  { store: folder, leaseSeconds, onStatus }: CleansingOptions,
  context: StageContext,
): Promise<CleansingRecord> {
  const store = new JobStore(folder, leaseSeconds);
  const cells = cleansingCells(spec);
  const jobs = cells.map(({ cleanse }) => cleanse);
  const outcome = await runJobs(jobs, store, context, onStatus === undefined ? {} : { onStatus });
  return recordOf(spec, collect(cells, store), { outcome, context });
}

/** What is left to do, and about how long that takes. */
export function planCleansing(
  spec: CleansingSpec,
  { store, leaseSeconds }: CleansingOptions,
  context: StageContext,
): Promise<PlanLine[]> {
  const jobs = cleansingCells(spec).map(({ cleanse }) => cleanse);
  return planJobs(jobs, new JobStore(store, leaseSeconds), context);
}

export interface CleansingOptions {
  /** Folder of finished jobs. */
  readonly store: string;
  readonly leaseSeconds?: number;
  readonly onStatus?: (status: JobsStatus) => void;
}

function recordOf(
  spec: CleansingSpec,
  cells: CleansingCell[],
  { outcome, context }: { readonly outcome: JobsOutcome; readonly context: StageContext },
): CleansingRecord {
  const { name, title, preset, train, ratio, seeds, notes } = spec;
  const { folder: _folder, ...data } = train.data;
  return {
    format: "coppice-cleansing",
    version: 1,
    name,
    title,
    preset,
    createdAt: now(),
    command: [...context.command],
    code: codeVersion(),
    training: { data, arch: train.arch, stem: train.stem, recipe: train.recipe, rewindEpoch: train.rewindEpoch },
    ratio,
    seeds: [...seeds],
    cells,
    // The published curves are those of the truth.
    findings: cleansingFindings(cells.filter(({ suspects }) => suspects === undefined)),
    failures: failuresOf(outcome),
    notes: [...notes],
    environment: environmentRecord(train.device),
  };
}

function collect(cells: readonly Cell[], store: JobStore): CleansingCell[] {
  return groupBy(cells, ({ attack, sparsity, way }) => JSON.stringify([attack, sparsity, way.label])).map((group) => {
    const [{ attack, sparsity, way }] = group;
    const done = group.filter(({ cleanse }) => store.isDone(cleanse.key));
    const repetitions = done.map((cell) => repetitionOf(cell, store));
    const suspects = way.suspects === undefined ? {} : { suspects: { ...way.suspects } };
    const what = { attack, sparsity, label: way.label, options: { ...way.options }, ...suspects };
    return { ...what, repetitions, ...summaries(repetitions) };
  });
}

type Repetition = CleansingCell["repetitions"][number];

function repetitionOf({ cleanse, base, seed }: Cell, store: JobStore): Repetition {
  const { before, run, trace } = readJson(join(store.folderOf(cleanse.key), "cleanse.json"), cleanseRecordSchema);
  const { result } = RunFolder.open(store.folderOf(base.key)).readRecord();
  if (result === undefined) throw new CoppiceError("E_CHECKPOINT", `${base.title}: expected a finished run, got none`);
  return {
    seed,
    originalTrainLoss: result.trainLoss,
    before: scoresOf(before.metrics, cleanse.title),
    after: scoresOf(run.metrics, cleanse.title),
    steps: run.steps,
    seconds: run.seconds,
    trace: trace.map(({ step, ASR, SA }) => ({ step, ASR, SA })),
  };
}

function scoresOf(
  { ASR, ASRReference, SA, robustAccuracy }: (typeof cleanseRecordSchema)["_output"]["before"]["metrics"],
  title: string,
): CleansingScores {
  if (ASR === undefined || ASRReference === undefined || robustAccuracy === undefined) {
    throw new CoppiceError("E_CHECKPOINT", `${title}: expected scores of the attack, got none`);
  }
  return {
    ASR: ASR.value,
    ASRReference: ASRReference.value,
    SA: SA.value,
    robustAccuracy: robustAccuracy.value,
  };
}

function summaries(repetitions: readonly Repetition[]): Partial<CleansingCell> {
  if (repetitions.length === 0) return {};
  const of = (value: (repetition: Repetition) => number): SummaryRecord => summarize(repetitions.map(value));
  return {
    ASR: of(({ after }) => after.ASR),
    ASRReference: of(({ after }) => after.ASRReference),
    SA: of(({ after }) => after.SA),
    ASRBefore: of(({ before }) => before.ASR),
    ASRReferenceBefore: of(({ before }) => before.ASRReference),
    SABefore: of(({ before }) => before.SA),
  };
}
