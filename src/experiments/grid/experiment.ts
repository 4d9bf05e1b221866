/** A grid from its first job to `experiment.json`. It continues after an interruption, and several processes can run it at once. */
import { resolve } from "node:path";
import { breakEven } from "../../sparse/index.ts";
import { pluginsIn, withoutRepeats } from "../../plugins/index.ts";
import { defined } from "../../util/defined.ts";
import type { ExperimentRecord, PluginRecord } from "../../record/index.ts";
import type { DataConfig, TrainConfig } from "../../stages/config.ts";
import { environmentRecord } from "../../stages/environment.ts";
import { freshModel } from "../../stages/model-file.ts";
import { now, type StageContext } from "../../stages/stage.ts";
import { specFor } from "../../stages/train.ts";
import { codeVersion } from "../../jobs/code-version.ts";
import { collectWarnings } from "./collect-warnings.ts";
import { collectRows, collectTests } from "./collect.ts";
import { collectSamples } from "./collect-samples.ts";
import { type Cell, expandGrid } from "./expand.ts";
import { type GridFinding, gridFindings, judgeGrid } from "../../findings/index.ts";
import { openSender, withoutPassword } from "../../jobs/job-queue.ts";
import { JobStore } from "../../jobs/job-store.ts";
import { planOf, type PlanLine } from "../../jobs/plan.ts";
import type { JobsOutcome, JobsStatus } from "../../jobs/jobs-watch.ts";
import { queueJobs } from "../../jobs/queue-jobs.ts";
import { runJobs } from "../../jobs/run-jobs.ts";
import { checkJobsData } from "../../jobs/same-data.ts";
import { type GridSpec, trainingOf } from "./spec.ts";
import type { StageJob } from "../../jobs/stage-jobs/index.ts";

export interface ExperimentOptions {
  /** Folder of finished jobs; experiments that share it share what they have in common. */
  readonly store: string;
  readonly leaseSeconds?: number;
  readonly onStatus?: (status: JobsStatus) => void;
  /** Address of a queue: its workers do the jobs, and this process watches. */
  readonly queue?: string | undefined;
}

/** The jobs of a grid, and what is known of them. */
export class Experiment {
  readonly #spec: GridSpec;
  readonly #cells: readonly Cell[];
  readonly #store: JobStore;
  readonly #options: ExperimentOptions;

  /** @throws CoppiceError E_CONFIG for an inconsistent grid */
  constructor(spec: GridSpec, options: ExperimentOptions) {
    this.#spec = spec;
    this.#cells = expandGrid(spec);
    this.#store = new JobStore(options.store, options.leaseSeconds);
    this.#options = options;
  }

  get jobs(): StageJob[] {
    return this.#cells.map(({ evaluation }) => evaluation);
  }

  plan(context: StageContext): Promise<PlanLine[]> {
    return planJobs(this.jobs, this.#store, context);
  }

  /**
   * Does what is not done.
   * @returns the record of all that is done, and what failed
   * @throws Interrupted when asked to stop
   */
  async run(context: StageContext): Promise<ExperimentRecord> {
    const { onStatus, queue } = this.#options;
    const outcome =
      queue === undefined
        ? await runJobs(this.jobs, this.#store, context, defined({ onStatus }))
        : await this.#runByWorkers(queue, context);
    return this.record(context, outcome);
  }

  async #runByWorkers(queue: string, context: StageContext): Promise<JobsOutcome> {
    // This process only watches and may lack the data; workers compare their data with those of the runs that they continue from.
    await checkJobsData(this.jobs, this.#store, context, "here");
    const { id, path } = this.#store;
    const entry = { code: codeVersion(), store: id, plugins: pluginsOf(this.#spec), spec: withWholePath(this.#spec) };
    const sender = await openSender(queue, context);
    const address = withoutPassword(queue);
    context.log(`jobs are put on ${address}; on every machine: coppice worker --queue ${address} --jobs ${path}`);
    try {
      const send = (keys: readonly string[]): Promise<void> => sender.send(keys.map((key) => ({ key, ...entry })));
      return await queueJobs(this.jobs, this.#store, context, { send, onStatus: this.#options.onStatus });
    } finally {
      await sender.close();
    }
  }

  record(context: StageContext, outcome: JobsOutcome): ExperimentRecord {
    const { name, title, preset, train, seeds, notes, figures } = this.#spec;
    const rows = collectRows(this.#spec, this.#cells, this.#store);
    const warnings = collectWarnings(this.#cells, this.#store);
    const models = this.#spec.models.map(({ id, label, prune, recipe }) => ({
      id,
      label,
      sparsity: prune?.sparsity ?? 0,
      ...defined({ pruner: prune?.pruner }),
      epochs: recipe?.epochs ?? train.recipe.epochs,
    }));
    const scenarios = this.#spec.scenarios.map(({ id, description, request, ...scenario }) => ({
      id,
      title: scenario.title,
      description,
      kind: request.kind === "ids" || request.kind === "indices" ? ("list" as const) : request.kind,
    }));
    return {
      format: "coppice-experiment",
      version: 1,
      name,
      title,
      preset,
      createdAt: now(),
      command: [...context.command],
      code: codeVersion(),
      training: trainingRecord(this.#spec),
      seeds: [...seeds],
      models,
      scenarios,
      rows,
      tests: collectTests(this.#spec, rows),
      findings: this.#spec.findings.map((finding) => {
        const judged: GridFinding = gridFindings[finding];
        const { claim, published, timed } = judged;
        const times = defined({ timed });
        return { name: finding, claim, published, ...times, ...judgeGrid(judged, { rows, models, scenarios }) };
      }),
      figures: [...figures],
      failures: failuresOf(outcome),
      notes: [...notes],
      ...(warnings.length === 0 ? {} : { warnings }),
      ...(figures.includes("samples") ? { samples: collectSamples(this.#spec, this.#cells, this.#store) } : {}),
      environment: environmentRecord(train.device),
    };
  }
}

/** Definitions of users that its jobs need. */
function pluginsOf({ train, models, rows }: GridSpec): PluginRecord[] {
  return withoutRepeats([
    ...pluginsIn(train),
    ...models.flatMap(({ arch, data, prune }) => pluginsIn(defined({ arch, data, pruner: prune?.pruner }))),
    ...rows.flatMap(({ method }) => pluginsIn({ method })),
  ]);
}

/** A worker may run elsewhere in the tree. */
function withWholePath({ train, models, ...spec }: GridSpec): GridSpec {
  return {
    ...spec,
    train: { ...train, data: wholePath(train.data) },
    models: models.map(({ data, ...model }) => ({
      ...model,
      ...(data === undefined ? {} : { data: wholePath(data) }),
    })),
  };
}

function wholePath(data: DataConfig): DataConfig {
  return data.folder === undefined ? data : { ...data, folder: resolve(data.folder) };
}

function trainingRecord(spec: GridSpec): Record<string, unknown> {
  const { recipe, rewindEpoch } = spec.train;
  const own = spec.models.filter(({ data, arch, stem }) => (data ?? arch ?? stem) !== undefined);
  const models = Object.fromEntries(own.map((model) => [model.id, networkRecord(trainingOf(spec, model))]));
  return { ...networkRecord(spec.train), recipe, rewindEpoch, ...(own.length === 0 ? {} : { models }) };
}

function networkRecord({ data, arch, stem }: TrainConfig): Record<string, unknown> {
  const { folder: _, ...what } = data;
  return { data: what, arch, stem };
}

/** What failed, and what waits for it, as records have it. */
export function failuresOf({ failed, blocked }: JobsOutcome): ExperimentRecord["failures"] {
  return [
    ...failed.map(({ job: { title }, failure }) => ({ title, ...failure })),
    ...blocked.map(({ title }) => ({ title, code: "E_BLOCKED", message: "waits for a job that failed" })),
  ];
}

/** What is left of `jobs`. Measures a dense training step where no finished job tells how long work takes: seconds to a minute. */
export function planJobs(jobs: readonly StageJob[], store: JobStore, context: StageContext): Promise<PlanLine[]> {
  const measured = new Map<string, Promise<number>>();
  return planOf(jobs, store, ({ train }) => {
    const name = `${train.arch} ${train.stem} ${train.data.name}`;
    const found = measured.get(name) ?? denseSecondsPerImage(train, context);
    measured.set(name, found);
    return found;
  });
}

async function denseSecondsPerImage(train: StageJob["train"], context: StageContext): Promise<number> {
  const loaded = await context.data.load(train.data, train.device, context.log);
  using model = freshModel(specFor(train, loaded), train.seed, train.device);
  return (await breakEven(model.spec, "float32", context.log)).denseSecondsPerImage;
}
