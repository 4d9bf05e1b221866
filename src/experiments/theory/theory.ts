/**
 * How the error of unlearning by gradient ascent goes with sparsity: measured, and as the paper's bound has it.
 *
 *   e(m) = ‖θ_GA - θ_Retrain‖₂        bound  O( η² t ‖m ⊙ (θ_t - θ_0)‖₂ σ(m) )
 *
 * Every model starts from the same θ_0: the original trains t steps to θ_t under the mask m, Retrain as many epochs on the retained images, and
 * gradient ascent continues from θ_t on the forget images.
 *
 * Symbols    η first learning rate · σ(m) largest singular value of the Hessian of θ_t among living weights, on some of the retained images
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, proposition 2; Thudi et al., EuroS&P 2022, arXiv:2109.13398
 * Reference  OPTML-Group/Unlearn-Sparse, branch of January 2023: main_eigen.py, verification_error.py
 * Differs    the bound is an order: its correlation with the error counts, not its size
 */
import { join } from "node:path";
import type { ForgetRequest } from "../../record/forget-request.ts";
import { correlation, correlationInterval } from "../../statistics/index.ts";
import { hessianNorm, weightDistance } from "../../evaluate/index.ts";
import type { Model } from "../../models/index.ts";
import { theoryBound, type TheoryPoint, theoryPointSchema, type TheoryRecord } from "../../record/index.ts";
import { Generator } from "../../torch/index.ts";
import { makeFolder, readJson, writeJson } from "../../util/files.ts";
import { jsonHash } from "../../util/hash.ts";
import { deriveSeed } from "../../util/seed.ts";
import type { RecipeConfig, TrainConfig } from "../../stages/config.ts";
import { part } from "../../stages/data-context.ts";
import { environmentRecord } from "../../stages/environment.ts";
import { codeVersion } from "../../jobs/code-version.ts";
import type { Job } from "../../jobs/job.ts";
import { JobStore } from "../../jobs/job-store.ts";
import { completeJobs, type JobsContext } from "../../jobs/run-jobs.ts";
import { theoryFindings } from "../../findings/index.ts";
import { forgetJob, pruneJob, type StageJob, trainJob } from "../../jobs/stage-jobs/index.ts";
import { freshModel } from "../../stages/model-file.ts";
import { type OpenModel, openModel } from "../../stages/open-model.ts";
import { openParent } from "../../stages/parent.ts";
import { checkResultsFolder, jobsFolderNames } from "../../stages/output.ts";
import { RunFolder } from "../../stages/run-folder.ts";
import { now, type StageContext } from "../../stages/stage.ts";

export interface TheorySpec {
  readonly name: string;
  /** Of the dense original; seed and optimiser come from the grid. */
  readonly train: TrainConfig;
  readonly optimizers: readonly { readonly name: string; readonly recipe: Partial<RecipeConfig> }[];
  /** In [0, 1); 0 is dense. */
  readonly sparsities: readonly number[];
  readonly seeds: readonly number[];
  readonly request: ForgetRequest;
  readonly ascent: { readonly epochs: number; readonly lr: number };
  /** Retained images on which the Hessian is taken. */
  readonly hessianImages: number;
}

/** One job for each point of the grid, with what it needs. */
export function theoryJobs(spec: TheorySpec): Job[] {
  return spec.seeds.flatMap((seed) =>
    spec.optimizers.flatMap((optimizer) => {
      const config = { ...spec.train, seed, recipe: { ...spec.train.recipe, ...optimizer.recipe } };
      const original = trainJob(`${optimizer.name}, seed ${seed}: original`, config);
      return spec.sparsities.map((sparsity) =>
        pointJob(spec, { optimizer: optimizer.name, sparsity, seed, config, original }),
      );
    }),
  );
}

interface Setting {
  readonly optimizer: string;
  readonly sparsity: number;
  readonly seed: number;
  readonly config: TrainConfig;
  readonly original: StageJob;
}

function pointJob(spec: TheorySpec, setting: Setting): Job {
  const { optimizer, sparsity, seed, config, original } = setting;
  const title = `${optimizer}, seed ${seed}, sparsity ${sparsity}`;
  const common = { data: { allowUnverified: config.data.allowUnverified }, seed, device: config.device };
  const trained =
    sparsity === 0
      ? original
      : pruneJob(`${title}: pruned`, original, {
          ...common,
          pruner: "omp",
          sparsity,
          rewind: "initial",
          epochs: config.recipe.epochs,
          keepConnected: true,
        });
  const forget = (method: string, options: Record<string, number>): StageJob =>
    forgetJob(`${title}: ${method}`, trained, {
      ...common,
      request: spec.request,
      method,
      options,
      batchSize: config.recipe.batchSize,
    });
  const [retrained, ascended] = [forget("retrain", {}), forget("gradient-ascent", { ...spec.ascent })];
  const after = [original, trained, retrained, ascended];
  const settings = {
    kind: "theory",
    images: spec.hessianImages,
    after: after.map(({ key }) => key),
    code: codeVersion("experiments/theory"),
  };
  return {
    key: `theory-${jsonHash(settings).slice(0, 20)}`,
    title,
    after,
    perform: async (path, folderOf, context) => {
      const folders = { trained: folderOf(trained), retrained: folderOf(retrained), ascended: folderOf(ascended) };
      const measured = await measure(folders, spec.hessianImages, context);
      makeFolder(path);
      const point: TheoryPoint = { optimizer, sparsity, seed, lr: config.recipe.lr, ...measured };
      writeJson(join(path, "point.json"), point);
    },
  };
}

/**
 * Runs the unfinished jobs of the grid in the folder `out`, together with other processes that share it, and writes `theory.json`.
 * @throws CoppiceError E_CONFIG when a part of it failed; the rest is done, and the next call tries that part again
 */
export async function runTheory(spec: TheorySpec, out: string, context: JobsContext): Promise<TheoryRecord> {
  checkResultsFolder(out, ["theory.json", ...jobsFolderNames], [spec.train.data.folder]);
  const jobs = theoryJobs(spec);
  const store = new JobStore(out);
  await completeJobs(jobs, store, context);
  const points = jobs.map(({ key }) => readJson(join(store.folderOf(key), "point.json"), theoryPointSchema));
  const correlations = [...spec.optimizers.map(({ name }) => name), "all"].map((name) => correlationOf(name, points));
  const { data, arch, stem, recipe, rewindEpoch } = spec.train;
  const { folder: _folder, ...what } = data;
  const { claim, published, judge } = theoryFindings["error-follows-bound"];
  const record: TheoryRecord = {
    format: "coppice-theory",
    version: 1,
    name: spec.name,
    createdAt: now(),
    command: [...context.command],
    code: codeVersion("experiments/theory"),
    training: { data: what, arch, stem, recipe, rewindEpoch },
    points,
    correlations,
    finding: { claim, published, ...judge({ correlations, seeds: spec.seeds.length }) },
    environment: environmentRecord(spec.train.device),
  };
  writeJson(join(out, "theory.json"), record);
  return record;
}

function correlationOf(optimizer: string, points: readonly TheoryPoint[]): TheoryRecord["correlations"][number] {
  const own = optimizer === "all" ? points : points.filter((point) => point.optimizer === optimizer);
  const [bounds, errors] = [own.map(theoryBound), own.map(({ error }) => error)];
  const logarithm = (values: readonly number[]): number[] => values.map((value) => Math.log(Math.max(value, 1e-300)));
  const pearson = correlation(bounds, errors);
  return {
    optimizer,
    n: own.length,
    pearson,
    interval: pearson === null ? null : correlationInterval(pearson, own.length),
    logarithms: correlation(logarithm(bounds), logarithm(errors)),
  };
}

async function measure(
  folders: { readonly trained: string; readonly retrained: string; readonly ascended: string },
  hessianImages: number,
  context: StageContext,
): Promise<Pick<TheoryPoint, "error" | "distance" | "sigma" | "sigmaConverged" | "steps" | "trainLoss">> {
  const device = "cpu";
  const run = await openParent(folders.trained, { data: { allowUnverified: true }, device }, context);
  const open = (folder: string): Promise<OpenModel> =>
    openModel(folder, { engine: "dense", device, normalization: run.loaded.dataset });
  using trainedRun = await open(folders.trained);
  using retrainedRun = await open(folders.retrained);
  using ascendedRun = await open(folders.ascended);
  const { model: trained, mask } = trainedRun;
  using initial = freshModel(trained.spec, run.original.seed, device);
  mask?.apply(initial);
  const split = RunFolder.open(folders.retrained).readSplit();
  const some = { ...split, indices: { ...split.indices, retain: split.indices.retain.slice(0, hessianImages) } };
  using generator = Generator.seeded(deriveSeed(run.original.seed, "hessian"));
  const sigma = hessianNorm(trained, part(run.loaded, some, "retain"), { mask, generator });
  const distance = (a: Model, b: Model): number =>
    weightDistance.measure({ parameters: a.namedParameters(), reference: b.namedParameters() });
  return {
    error: distance(ascendedRun.model, retrainedRun.model),
    distance: distance(trained, initial),
    sigma: sigma.value,
    sigmaConverged: sigma.converged,
    steps: run.record.result.steps,
    trainLoss: run.record.result.trainLoss,
  };
}
