/** The trials of a search, one bracket of successive halving after another until the budget is spent. */
import { defined } from "../util/defined.ts";
import { join } from "node:path";
import { tuningObjective } from "../evaluate/index.ts";
import { optionList, plural } from "../format/index.ts";
import type { TuneRecord, TuneTrial } from "../record/index.ts";
import type { OptionValues } from "../unlearn/index.ts";
import { CoppiceError } from "../util/errors.ts";
import type { Job } from "../jobs/job.ts";
import { JobStore } from "../jobs/job-store.ts";
import { runJobs } from "../jobs/run-jobs.ts";
import type { StageContext } from "../stages/stage.ts";
import { shortened } from "./halving.ts";
import type { PreparedTune } from "./prepare.ts";
import { drawTrial } from "./search-space.ts";
import { originalJob, scoresOf, trialJob } from "./trial.ts";

export interface TuneContext extends StageContext {
  /** Told before each trial. */
  readonly onTrial?: (title: string) => void;
}

/** Below the folder of a search, its finished trials. */
export const trialsFolder = "trials";

/** What a search has found. */
export interface SearchOutcome {
  readonly trials: readonly TuneTrial[];
  /** Whether time ran out. */
  readonly exhausted: boolean;
  /** Of all trials. */
  readonly seconds: number;
  /** The model as it is, scored like a trial. */
  readonly original: TuneRecord["original"];
}

/** Of one trial at one rung. */
interface Run {
  readonly trial: number;
  /** Drawn ones. */
  readonly options: OptionValues;
  readonly rung: number;
  readonly full: boolean;
  readonly epochs: number | null;
}

export class Search implements SearchOutcome {
  readonly trials: TuneTrial[] = [];
  exhausted = false;
  readonly #tune: PreparedTune;
  readonly #store: JobStore;
  readonly #context: TuneContext;
  readonly #original: Job;
  readonly #seen = new Set<string>();
  seconds = 0;

  constructor(tune: PreparedTune, out: string, context: TuneContext) {
    this.#tune = tune;
    this.#store = new JobStore(join(out, trialsFolder));
    this.#context = context;
    this.#original = originalJob(tune);
  }

  get original(): TuneRecord["original"] {
    const scores = scoresOf(this.#store, this.#original);
    return { scores, objective: this.#objective(scores) };
  }

  /** The trial without drawn options comes first and runs in full: there is something to be better than, however early time runs out. */
  async run(): Promise<void> {
    const failure = await this.#perform(this.#original);
    if (failure !== null) throw new CoppiceError("E_CONFIG", `the model as it is cannot be scored: ${failure}`);
    const { rungs, config } = this.#tune;
    const epochs = rungs.at(-1)?.epochs ?? null;
    await this.#runTrial({ trial: 0, options: {}, rung: rungs.length - 1, full: true, epochs });
    const again = config.trials === undefined && config.minutes !== undefined;
    let known: number;
    do {
      known = this.#seen.size;
      await this.#bracket(this.#drawnSoFar);
    } while (again && !this.exhausted && this.#seen.size > known); // nothing new succeeds: a few choices are soon used up
    const failed = this.trials.find(({ error }) => error !== undefined);
    if (this.trials.some(({ full, objective }) => full && objective !== undefined)) return;
    throw new CoppiceError("E_CONFIG", `expected a trial to succeed, got none that ran in full: ${failed?.error}`, {
      hint: "search a narrower range, or smaller values",
    });
  }

  get #drawnSoFar(): number {
    return Math.max(...this.trials.map(({ trial }) => trial));
  }

  /** Draws trials from number `after` + 1 on, and promotes the best third from rung to rung. */
  async #bracket(after: number): Promise<void> {
    const { rungs, space, method, config } = this.#tune;
    const drawn = (i: number): OptionValues => drawTrial(space, method, config.seed, after + 1 + i);
    let promoted = Array.from({ length: rungs[0]?.trials ?? 0 }, (_, i) => ({
      trial: after + 1 + i,
      options: drawn(i),
    }));
    for (const [rung, { trials, epochs }] of rungs.entries()) {
      const full = rung === rungs.length - 1;
      const ran = await this.#add(promoted.slice(0, trials).map((each) => ({ ...each, rung, full, epochs })));
      if (this.exhausted) return;
      promoted = ran.filter(({ objective }) => objective !== undefined).toSorted(byObjective);
    }
  }

  async #add(runs: readonly Run[]): Promise<TuneTrial[]> {
    const added: TuneTrial[] = [];
    for (const run of runs) {
      if (this.#timeIsUp()) {
        this.exhausted = true;
        break;
      }
      added.push(await this.#runTrial(run));
    }
    return added;
  }

  async #runTrial({ trial, options, rung, full, epochs }: Run): Promise<TuneTrial> {
    const given = { ...this.#tune.config.options, ...options };
    const length = epochs === null ? "" : `, ${plural(epochs, "epoch")}`;
    const title = `trial ${trial}${length}: ${optionList(options) || "as without a search"}`;
    const job = trialJob(this.#tune, full || epochs === null ? given : cut(this.#tune, given, epochs), title);
    const start = performance.now();
    const error = await this.#perform(job);
    const lost = error === null ? 0 : (performance.now() - start) / 1000;
    this.seconds += lost;
    const ran = epochs ?? given["epochs"] ?? this.#tune.options["epochs"];
    const common = {
      trial,
      options: { ...options },
      rung,
      full,
      ...defined({ epochs: ran === undefined ? undefined : Number(ran) }),
    };
    const made = { ...common, ...(error === null ? this.#result(job) : { error, seconds: lost }) };
    this.trials.push(made);
    return made;
  }

  #result(job: Job): Pick<TuneTrial, "scores" | "objective" | "seconds"> {
    const scores = scoresOf(this.#store, job);
    return { scores, objective: this.#objective(scores), seconds: this.#store.done(job.key).seconds };
  }

  #objective(scores: TuneRecord["original"]["scores"]): TuneRecord["original"]["objective"] {
    const { neverSeen } = scoresOf(this.#store, this.#original);
    return tuningObjective(scores, neverSeen, this.#tune.split.scenario.kind === "class");
  }

  /** Does the job if it is not done. @returns why it failed, or null */
  async #perform(job: Job): Promise<string | null> {
    if (!this.#store.isDone(job.key)) this.#context.onTrial?.(job.title);
    const { failed } = await runJobs([job], this.#store, this.#tune.context);
    if (this.#seen.has(job.key) || failed.length > 0) return failed[0]?.failure.message ?? null;
    this.#seen.add(job.key);
    this.seconds += this.#store.done(job.key).seconds;
    return null;
  }

  #timeIsUp(): boolean {
    const { minutes } = this.#tune.config;
    return minutes !== undefined && this.seconds >= 60 * minutes;
  }
}

/** All options of a trial that is cut to `epochs`, as far as they are cut. */
function cut({ method, options: all }: PreparedTune, given: OptionValues, epochs: number): OptionValues {
  const short = shortened({ ...all, ...given }, epochs);
  const counted = Object.keys(method.options).filter((name) => /epochs$/i.test(name));
  return { ...given, ...Object.fromEntries(counted.map((name) => [name, short[name] ?? 0])) };
}

function byObjective(a: TuneTrial, b: TuneTrial): number {
  return (a.objective?.value ?? Infinity) - (b.objective?.value ?? Infinity);
}
