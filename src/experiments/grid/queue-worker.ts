/** Does jobs that come through a queue, one after another, until asked to stop. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Interrupted } from "../../train/index.ts";
import { CoppiceError } from "../../util/errors.ts";
import type { DataConfig } from "../../stages/config.ts";
import { DataContext, type LoadedData } from "../../stages/data-context.ts";
import type { StageContext } from "../../stages/stage.ts";
import { checkJobsFolder } from "../../stages/output.ts";
import { codeVersion } from "../../jobs/code-version.ts";
import { expandGrid } from "./expand.ts";
import type { GridSpec } from "./spec.ts";
import { inOrder } from "../../jobs/job.ts";
import { type JobReceiver, openReceiver, type QueueEntry } from "../../jobs/job-queue.ts";
import { JobStore } from "../../jobs/job-store.ts";
import { requirePlugins } from "../../plugins/index.ts";
import { performJob } from "../../jobs/perform-job.ts";
import type { StageJob } from "../../jobs/stage-jobs/index.ts";

export interface WorkerOptions {
  /** Address of the queue. */
  readonly queue: string;
  /** The folder of finished jobs that the experiment has, wherever it is mounted here. */
  readonly store: string;
  readonly leaseSeconds: number;
  /** Where the data are here, if not where the experiment's process has them. */
  readonly dataFolder?: string | undefined;
  /** Ends after so long without a job. Default: never. */
  readonly idleSeconds?: number | undefined;
}

/**
 * @returns how many jobs were done
 * @throws Interrupted when asked to stop; the job under way goes on from its checkpoint elsewhere, or here next time
 * @throws CoppiceError E_CONFIG when the folder is not there, the server cannot be reached, or an entry is for other code or another folder;
 *   what the data set throws when the data cannot be loaded here
 */
export async function runWorker(options: WorkerOptions, context: StageContext): Promise<number> {
  if (!existsSync(options.store)) {
    throw new CoppiceError("E_CONFIG", `${options.store}: expected the experiment's jobs folder, got none`, {
      hint: "mount it, or start the experiment first",
    });
  }
  checkJobsFolder(options.store, [options.dataFolder]);
  const store = new JobStore(options.store, options.leaseSeconds);
  const { dataFolder } = options;
  using data = dataFolder === undefined ? null : new DataIn(dataFolder);
  const receiver = await openReceiver(options.queue, context);
  const stop = (): void => void receiver.close();
  context.signal?.addEventListener("abort", stop);
  try {
    return await work(receiver, store, options, data === null ? context : { ...context, data });
  } finally {
    context.signal?.removeEventListener("abort", stop);
    await receiver.close();
  }
}

async function work(
  receiver: JobReceiver,
  store: JobStore,
  { idleSeconds = Infinity }: WorkerOptions,
  context: StageContext,
): Promise<number> {
  let done = 0;
  let since = performance.now();
  context.log(`waiting for jobs of ${store.path}`);
  for (;;) {
    const entry = await receiver.receive();
    if (context.signal?.aborted === true) throw new Interrupted();
    if (entry !== null) {
      await requirePlugins(entry.plugins, (entry.spec as GridSpec).name, context.loadPlugin);
      if (await perform(jobOf(entry, store), store, context)) done++;
      since = performance.now();
    } else if (performance.now() - since > 1000 * idleSeconds) return done;
  }
}

/** @returns whether the job was done here */
async function perform(job: StageJob, store: JobStore, context: StageContext): Promise<boolean> {
  // On some network file systems it takes a while until what is finished is seen here: the entry comes again.
  if (store.isDone(job.key) || !job.after.every(({ key }) => store.isDone(key))) return false;
  // Before it has the job: a machine without the data would make every stage fail that comes along.
  await context.data.load(job.train.data, job.train.device, context.log);
  const attempt = store.attempt(job.key);
  if (attempt === null) return false; // another's: an entry may come twice
  const start = performance.now();
  context.log(`${job.title}: begun`);
  await performJob({ job, attempt }, store, context);
  if (!store.isDone(job.key)) return false;
  context.log(`${job.title}: done in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return true;
}

/** The job that an entry means. @throws CoppiceError E_CONFIG when this process is not the one to do it */
export function jobOf({ key, code, store: id, ...entry }: QueueEntry, store: JobStore): StageJob {
  const spec = entry.spec as GridSpec; // of the same code, as the next lines make sure
  const shown = (hash: string): string => hash.slice(0, 12);
  if (code !== codeVersion()) {
    throw new CoppiceError(
      "E_CONFIG",
      `${spec.name}: expected the experiment's code ${shown(code)} in every worker, got ${shown(codeVersion())} here`,
      { hint: "install the same version of Coppice here and there, and start the worker again" },
    );
  }
  if (id !== store.id) {
    throw new CoppiceError("E_CONFIG", `${store.path}: expected the jobs folder of ${spec.name}, got another one`, {
      hint: "name the folder that the experiment has as --jobs, as it is mounted here; experiments with another one need a separate queue, such as redis://host/1",
    });
  }
  const jobs = inOrder(expandGrid(spec).map(({ evaluation }) => evaluation)) as StageJob[];
  const job = jobs.find((one) => one.key === key);
  if (job !== undefined) return job;
  throw new CoppiceError("E_CONFIG", `${spec.name}: expected a grid with the stage ${key}, got one without`, {
    hint: "a grid must be plain data, and both sides the same version of Coppice",
  });
}

/** Data from a folder of this machine, whatever the settings and earlier runs say. */
class DataIn extends DataContext implements Disposable {
  readonly #folder: string;

  constructor(folder: string) {
    super();
    this.#folder = resolve(folder);
  }

  override load(config: DataConfig, device: string, log: (message: string) => void): Promise<LoadedData> {
    return super.load({ ...config, folder: this.#folder }, device, log);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
