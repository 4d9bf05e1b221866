/** A suite: one original, dense and pruned, several ways to forget, several scenarios, side by side. Takes up what is there. */
import { join } from "node:path";
import type { ForgetRequest } from "../data/forget-set.ts";
import type { EvaluationRecord, RunRecord, SuiteRecord } from "../record/index.ts";
import { parseEvaluationRecord } from "../record/index.ts";
import { methodNamed, type OptionValues } from "../unlearn/index.ts";
import { makeFolder, readText, writeJson } from "../util/files.ts";
import { canonicalJson } from "../util/hash.ts";
import type { ForgetConfig, TrainConfig } from "../stages/config.ts";
import { environmentRecord } from "../stages/environment.ts";
import { evaluateStage } from "../stages/evaluate.ts";
import { forgetOptions, forgetSplit, forgetStage } from "../stages/forget.ts";
import { openParent } from "../stages/parent.ts";
import { pruneStage } from "../stages/prune.ts";
import { startOrResume } from "../stages/resume.ts";
import { RunFolder } from "../stages/run-folder.ts";
import { now, type StageContext } from "../stages/stage.ts";
import { trainStage } from "../stages/train.ts";

export interface SuiteScenario {
  /** Folder name and title. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly request: ForgetRequest;
  readonly rows: readonly SuiteRow[];
}

export interface SuiteRow {
  readonly method: string;
  readonly order: "dense" | "prune-first";
  readonly options: OptionValues;
}

export interface SuiteSpec {
  readonly name: string;
  readonly train: TrainConfig;
  /** Absent: nothing is pruned. */
  readonly sparsity?: number;
  readonly scenarios: readonly SuiteScenario[];
  readonly notes: readonly string[];
}

/**
 * Runs whatever of `spec` is not finished in the folder `out`, evaluates everything and writes `suite.json`. Retrain is made for
 * every order a scenario uses, and is the oracle of that order's rows.
 */
export async function runSuite(spec: SuiteSpec, out: string, context: StageContext): Promise<SuiteRecord> {
  const suite = new Suite(spec, out, context);
  const { train } = spec;
  const original = await suite.stage("original", { ...train }, (path, quiet) => trainStage(train, path, quiet));
  context.log(
    `original: training loss ${original.result?.trainLoss.toFixed(4)}, accuracy ${original.result?.trainAccuracy.toFixed(4)}`,
  );
  if (spec.sparsity !== undefined) await suite.prune(spec.sparsity);
  const scenarios: SuiteRecord["scenarios"] = [];
  for (const scenario of spec.scenarios) scenarios.push(await suite.scenario(scenario));
  const record: SuiteRecord = {
    format: "coppice-suite",
    version: 1,
    name: spec.name,
    createdAt: now(),
    command: [...context.command],
    scenarios,
    notes: [...spec.notes],
    environment: environmentRecord(train.device),
  };
  writeJson(join(out, "suite.json"), record);
  return record;
}

/** What becomes of a run that is there, by its status. */
const takenUp = {
  finished: "finished before",
  running: "going on",
  interrupted: "going on",
  failed: "starting again, it failed before",
} as const;

class Suite {
  readonly #spec: SuiteSpec;
  readonly #out: string;
  readonly #context: StageContext;

  constructor(spec: SuiteSpec, out: string, context: StageContext) {
    this.#spec = spec;
    this.#out = out;
    this.#context = context;
    makeFolder(out);
  }

  path(...names: string[]): string {
    return join(this.#out, ...names);
  }

  /** The finished run of this name: as it is there, resumed, or made now. */
  async stage(
    name: string,
    settings: Record<string, unknown>,
    make: (path: string, context: StageContext) => Promise<RunRecord>,
  ): Promise<RunRecord> {
    const path = this.path(name);
    const context = this.#context;
    const record = RunFolder.holdsRun(path) ? RunFolder.open(path).readRecord() : undefined;
    if (record !== undefined && !asAsked(record, settings)) {
      context.log(`${name}: starting again, its settings changed`);
      return make(path, { ...context, force: true });
    }
    context.log(`${name}: ${record === undefined ? "starting" : takenUp[record.status]}`);
    await startOrResume(path, (anew) => make(path, anew), context);
    return RunFolder.open(path).requireFinished();
  }

  async prune(sparsity: number): Promise<void> {
    const { data, seed, device } = this.#spec.train;
    const config = {
      model: this.path("original"),
      pruner: "omp",
      sparsity,
      data: { allowUnverified: data.allowUnverified },
      seed,
      device,
    };
    const settings = { pruner: config.pruner, sparsity, seed, parent: hashOf(config.model) };
    const { result } = await this.stage("pruned", settings, (path, context) => pruneStage(config, path, context));
    this.#context.log(
      `pruned: training loss ${result?.trainLoss.toFixed(4)}, accuracy ${result?.trainAccuracy.toFixed(4)}`,
    );
  }

  async scenario(scenario: SuiteScenario): Promise<SuiteRecord["scenarios"][number]> {
    const evaluations: EvaluationRecord[] = [];
    const runs: RunRecord[] = [];
    for (const order of ["dense", "prune-first"] as const) {
      const rows = scenario.rows.filter((row) => row.order === order);
      if (rows.length === 0) continue;
      const model = this.path(order === "dense" ? "original" : "pruned");
      const oracle = await this.#forget(scenario, { method: "retrain", order, options: {} });
      const retrained = await this.#evaluate(oracle, undefined);
      const { allowUnverified } = this.#spec.train.data;
      const evaluation = { model, splitOf: oracle, oracle, data: { allowUnverified }, device: this.#spec.train.device };
      evaluations.push(await evaluateStage(evaluation, this.#context), retrained);
      runs.push(RunFolder.open(model).readRecord(), RunFolder.open(oracle).readRecord());
      for (const row of rows) {
        const path = await this.#forget(scenario, row);
        evaluations.push(await this.#evaluate(path, oracle));
        runs.push(RunFolder.open(path).readRecord());
      }
    }
    return { name: scenario.title, description: scenario.description, evaluations, runs };
  }

  async #forget(scenario: SuiteScenario, { method, order, options }: SuiteRow): Promise<string> {
    const { data, seed, device, recipe } = this.#spec.train;
    const model = this.path(order === "dense" ? "original" : "pruned");
    const config = {
      model,
      request: scenario.request,
      method: methodNamed(method).name,
      options,
      batchSize: recipe.batchSize,
      data: { allowUnverified: data.allowUnverified },
      seed,
      device,
    };
    const name = join(scenario.name, `${order === "dense" ? "dense" : "sparse"}-${method}`);
    const settings = {
      request: scenario.request,
      method,
      options: await this.#options(config),
      batchSize: recipe.batchSize,
      seed,
      parent: hashOf(model),
    };
    await this.stage(name, settings, (path, context) => forgetStage(config, path, context));
    return this.path(name);
  }

  /** All options of a run, as its record has them once it is made: a default that has changed since is a change too. */
  async #options(config: ForgetConfig): Promise<OptionValues> {
    const parent = await openParent(config.model, config, this.#context);
    return forgetOptions(config, parent, forgetSplit(config, parent)).options;
  }

  /** The evaluation that is there already, when it is of the same weights, split and oracle. */
  async #evaluate(path: string, oracle: string | undefined): Promise<EvaluationRecord> {
    const folder = RunFolder.open(path);
    const record = folder.requireFinished();
    if (folder.has("evaluation")) {
      const known = parseEvaluationRecord(
        readText(folder.file("evaluation"), "E_CHECKPOINT"),
        folder.file("evaluation"),
      );
      const oracleHash = oracle === undefined ? undefined : hashOf(oracle);
      const same = known.run.modelSha256 === record.result.modelSha256 && known.split.hash === record.split.hash;
      if (same && known.oracle?.modelSha256 === oracleHash) return known;
    }
    const { allowUnverified } = this.#spec.train.data;
    const config = { model: path, data: { allowUnverified }, device: this.#spec.train.device };
    return evaluateStage(oracle === undefined ? config : { ...config, oracle }, this.#context);
  }
}

/** @param settings of the run's configuration, and as `parent` the hash of the weights it starts from */
function asAsked({ config, parent }: RunRecord, settings: Record<string, unknown>): boolean {
  const made: Record<string, unknown> = { ...config, parent: parent?.modelSha256 };
  return Object.entries(settings).every(([key, value]) => equal(made[key], value));
}

function equal(a: unknown, b: unknown): boolean {
  return canonicalJson(a ?? null) === canonicalJson(b ?? null);
}

/** Of the weights of a finished run. */
function hashOf(path: string): string {
  return RunFolder.open(path).requireFinished().result.modelSha256;
}
