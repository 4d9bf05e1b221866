/**
 * Figure 6: what is left of a backdoor after forgetting the poisoned images, over the sparsity of the model.
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, figure 6
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d main_backdoor.py
 * Differs    all poisoned images are known, as there; the attack success is that on images of other classes (the published one counts all)
 */
import type { BackdoorCell, BackdoorExperimentRecord, OptionSearchRecord } from "../../record/backdoor-experiment.ts";
import type { OptionValues } from "../../unlearn/index.ts";
import { CoppiceError, invariant } from "../../util/errors.ts";
import { groupBy } from "../../util/lists.ts";
import type { TrainConfig } from "../../stages/config.ts";
import { environmentRecord } from "../../stages/environment.ts";
import { judgeBackdoorExperiment } from "../../findings/index.ts";
import { repetitionOf, summaries } from "./repetition.ts";
import { choose, type OptionSearch } from "./option-search.ts";
import { codeVersion } from "../../jobs/code-version.ts";
import { failuresOf, planJobs } from "../grid/experiment.ts";
import { JobStore } from "../../jobs/job-store.ts";
import type { PlanLine } from "../../jobs/plan.ts";
import { type JobsStatus, runJobs } from "../../jobs/run-jobs.ts";
import {
  cleanseJob,
  poisonJob,
  pruneJob,
  type StageJob,
  suspectsJob,
  trojanedJob,
} from "../../jobs/stage-jobs/index.ts";
import { now, type StageContext } from "../../stages/stage.ts";
import { defined } from "../../util/defined.ts";
import type { SuspectQuality } from "../../data/poison/suspects.ts";

export interface CleanseWay {
  readonly label: string;
  readonly method: string;
  readonly options: OptionValues;
  /** Of the models it starts from; default all. */
  readonly sparsities?: readonly number[];
  /** How good the list of suspects is; default the truth. */
  readonly suspects?: Omit<SuspectQuality, "seed">;
}

export interface BackdoorSpec {
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
  readonly ways: readonly CleanseWay[];
  /** Of methods whose options are chosen first, on the model of the first attack, sparsity and seed; a way's own options are put on top. */
  readonly searches: readonly OptionSearch[];
  readonly seeds: readonly number[];
  readonly notes: readonly string[];
}

interface Cell {
  readonly attack: string;
  readonly sparsity: number;
  readonly way: CleanseWay;
  readonly seed: number;
  readonly base: StageJob;
  readonly cleanse: StageJob;
}

/** Every cell with its jobs, in the order of the table. */
export function backdoorCells(spec: BackdoorSpec): Cell[] {
  return spec.attacks.flatMap((attack) =>
    spec.sparsities.flatMap((sparsity) =>
      spec.ways
        .filter(({ sparsities }) => sparsities?.includes(sparsity) ?? true)
        .flatMap((way) => spec.seeds.map((seed) => cellOf(spec, { attack, sparsity, way, seed }))),
    ),
  );
}

function cellOf(spec: BackdoorSpec, which: Omit<Cell, "base" | "cleanse">): Cell {
  const { attack, sparsity, way, seed } = which;
  const train = { ...spec.train, seed };
  const name = `seed ${seed}, ${attack}`;
  const { data, split, device, recipe } = train;
  const request = { attack, options: {}, target: spec.target, ratio: spec.ratio, seed, split: { ...split, seed } };
  const poison = poisonJob(`${name}: poison`, { data, request }, train);
  const original = trojanedJob(`${name}: train`, poison, train);
  const where = defined({ folder: data.folder });
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
 * Runs the unfinished jobs of the grid in the folder `store`, together with other processes that share it.
 * @throws Interrupted when asked to stop
 */
export async function runBackdoorExperiment(
  spec: BackdoorSpec,
  { store: folder, leaseSeconds, onStatus }: BackdoorOptions,
  context: StageContext,
): Promise<BackdoorExperimentRecord> {
  const store = new JobStore(folder, leaseSeconds);
  const status = defined({ onStatus });
  const trials = searchCells(spec);
  const tried = await runJobs(jobsOf(trials), store, context, status);
  const searches = searchesOf(spec, trials, store);
  const cells = backdoorCells(withChosen(spec, searches));
  const outcome = await runJobs(jobsOf(cells), store, context, status);
  const failures = [...failuresOf(tried), ...failuresOf(outcome)];
  return recordOf(spec, { searches, cells: collect(cells, store), failures }, context);
}

/** What is left to do, and about how long that takes. */
export function planBackdoorExperiment(
  spec: BackdoorSpec,
  { store, leaseSeconds }: BackdoorOptions,
  context: StageContext,
): Promise<PlanLine[]> {
  const jobs = new JobStore(store, leaseSeconds);
  const trials = searchCells(spec);
  // Before it is known what will be chosen, the first candidate stands for it.
  const searched = trials.every(({ cleanse }) => jobs.isDone(cleanse.key));
  const searches = searched ? searchesOf(spec, trials, jobs) : [];
  return planJobs([...jobsOf(trials), ...jobsOf(backdoorCells(withChosen(spec, searches)))], jobs, context);
}

function jobsOf(cells: readonly Cell[]): StageJob[] {
  return cells.map(({ cleanse }) => cleanse);
}

/** One for each candidate of each search. */
function searchCells(spec: BackdoorSpec): Cell[] {
  const [attack, sparsity, seed] = firstOf(spec);
  return spec.searches.flatMap(({ method, candidates }) =>
    candidates.map((options, k) => {
      const way = { label: `${method}, candidate ${k + 1} of ${candidates.length}`, method, options };
      return cellOf(spec, { attack, sparsity, way, seed });
    }),
  );
}

function firstOf({ attacks, sparsities, seeds }: BackdoorSpec): [attack: string, sparsity: number, seed: number] {
  const [[attack], [sparsity], [seed]] = [attacks, sparsities, seeds];
  invariant(attack !== undefined && sparsity !== undefined && seed !== undefined, "a grid has attacks and seeds");
  return [attack, sparsity, seed];
}

function searchesOf(spec: BackdoorSpec, trials: readonly Cell[], store: JobStore): OptionSearchRecord[] {
  const [attack, sparsity, seed] = firstOf(spec);
  return spec.searches.map(({ method, tolerance }) => {
    const done = trials.filter(({ way, cleanse }) => way.method === method && store.isDone(cleanse.key));
    const candidates = done.map((cell) => {
      const { before, after } = repetitionOf(cell, store);
      if (before.heldOut === undefined || after.heldOut === undefined) throw nothingHeldOut(spec.name, method);
      return {
        options: { ...cell.way.options },
        before: before.heldOut,
        after: after.heldOut,
        ASR: after.ASR,
        ASRReference: after.ASRReference,
      };
    });
    if (candidates.length === 0) throw nothingTried(spec.name, method);
    return { method, attack, sparsity, seed, tolerance, candidates, chosen: choose(candidates, tolerance) };
  });
}

function nothingHeldOut(recipe: string, method: string): CoppiceError {
  return new CoppiceError(
    "E_CONFIG",
    `${recipe}: expected images held out of training to choose the options of ${method} on, got none`,
    { hint: "give the split of the recipe's training a validation part" },
  );
}

function nothingTried(recipe: string, method: string): CoppiceError {
  return new CoppiceError(
    "E_CONFIG",
    `${recipe}: expected a candidate for the options of ${method} that runs to its end, got none`,
    { hint: "the folder of jobs says under failed/ why; what failed is tried again when the command is run again" },
  );
}

/** The grid with the chosen options in its ways, where they are chosen already, and with the first candidate's where not. */
function withChosen(spec: BackdoorSpec, searches: readonly OptionSearchRecord[]): BackdoorSpec {
  const optionsOf = (method: string): OptionValues => {
    const done = searches.find((search) => search.method === method);
    if (done !== undefined) return done.candidates[done.chosen]?.options as OptionValues;
    return spec.searches.find((search) => search.method === method)?.candidates[0] ?? {};
  };
  return { ...spec, ways: spec.ways.map((way) => ({ ...way, options: { ...optionsOf(way.method), ...way.options } })) };
}

export interface BackdoorOptions {
  /** Folder of finished jobs. */
  readonly store: string;
  readonly leaseSeconds?: number;
  readonly onStatus?: (status: JobsStatus) => void;
}

function recordOf(
  spec: BackdoorSpec,
  results: Pick<BackdoorExperimentRecord, "searches" | "cells" | "failures">,
  context: StageContext,
): BackdoorExperimentRecord {
  const { name, title, preset, train, ratio, seeds, notes } = spec;
  const { folder: _folder, ...data } = train.data;
  return {
    format: "coppice-backdoor-experiment",
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
    ...results,
    ...judgeBackdoorExperiment(results.cells),
    notes: [...notes],
    environment: environmentRecord(train.device),
  };
}

function collect(cells: readonly Cell[], store: JobStore): BackdoorCell[] {
  return groupBy(cells, ({ attack, sparsity, way }) => JSON.stringify([attack, sparsity, way.label])).map((group) => {
    const [{ attack, sparsity, way }] = group;
    const done = group.filter(({ cleanse }) => store.isDone(cleanse.key));
    const repetitions = done.map((cell) => repetitionOf(cell, store));
    const suspects = way.suspects === undefined ? {} : { suspects: { ...way.suspects } };
    const what = { attack, sparsity, label: way.label, options: { ...way.options }, ...suspects };
    return { ...what, repetitions, ...summaries(repetitions) };
  });
}
