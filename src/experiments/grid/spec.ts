/** What a grid of experiments is: plain data, so that it can be hashed, printed and sent to another machine. */
import type { ForgetRequest } from "../../record/forget-request.ts";
import { methods, type OptionValues } from "../../unlearn/index.ts";
import { expectChoice } from "../../util/assert.ts";
import { CoppiceError } from "../../util/errors.ts";
import type { DataConfig, EngineConfig, PruneConfig, RecipeConfig, TrainConfig } from "../../stages/config.ts";
import type { FigureName } from "../../record/experiment.ts";
import { defined } from "../../util/defined.ts";
import type { GridFindingName } from "../../findings/index.ts";

/** How a model is pruned, where it is; what is left out has the defaults of `coppice prune`. */
export type GridPruning = Pick<PruneConfig, "pruner" | "sparsity"> &
  Partial<Pick<PruneConfig, "allocation" | "rewind" | "flops" | "keepConnected" | "rate" | "epochs">>;

/** A model that must forget, made for every seed. */
export interface GridModel {
  /** Short, unique in the grid. */
  readonly id: string;
  /** For people. */
  readonly label: string;
  /** Instead of the grid's data, all of it: models of several data sets make them an axis of the grid. */
  readonly data?: DataConfig;
  /** Instead of the grid's architecture. */
  readonly arch?: string;
  readonly stem?: TrainConfig["stem"];
  /** What differs from the grid's training. */
  readonly recipe?: Partial<RecipeConfig>;
  /** Trained as an ensemble (SISA); such a model is not pruned. */
  readonly sharding?: TrainConfig["sharding"];
  readonly prune?: GridPruning;
}

export interface GridScenario {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly request: ForgetRequest;
}

/** A method with its options, on every model and scenario unless some are named. */
export interface GridRow {
  readonly method: string;
  readonly options: OptionValues;
  /** For people, unique in the grid. Default the method's title. */
  readonly label?: string;
  readonly models?: readonly string[];
  readonly scenarios?: readonly string[];
}

/** A paired test over seeds of a score, or of the average gap to Retrain, between two rows of a scenario. */
export interface GridTest {
  readonly score: "UA" | "MIA" | "RA" | "TA" | "disparity";
  readonly first: { readonly label: string; readonly model: string };
  readonly second: { readonly label: string; readonly model: string };
}

export interface GridSpec {
  readonly name: string;
  readonly title: string;
  readonly preset: string;
  /** Of every original but for what its model changes; the seed comes from the grid. */
  readonly train: TrainConfig;
  readonly engine?: EngineConfig["engine"];
  readonly models: readonly GridModel[];
  readonly scenarios: readonly GridScenario[];
  readonly rows: readonly GridRow[];
  readonly seeds: readonly number[];
  readonly tests: readonly GridTest[];
  readonly findings: readonly GridFindingName[];
  readonly figures: readonly FigureName[];
  readonly notes: readonly string[];
}

/** Of the rows that every model has: the model itself, and Retrain on what is left of the data. */
export const ORIGINAL = "Original";
export const RETRAIN = "Retrain";

export function labelOf({ label, method }: GridRow): string {
  return label ?? methods.find(({ name }) => name === method)?.title ?? method;
}

/** How a model's original is trained, but for the seed. */
export function trainingOf({ train }: GridSpec, { data, arch, stem, recipe, sharding }: GridModel): TrainConfig {
  return {
    ...train,
    data: data ?? train.data,
    arch: arch ?? train.arch,
    stem: stem ?? train.stem,
    recipe: { ...train.recipe, ...recipe },
    ...defined({ sharding }),
  };
}

/** @throws CoppiceError E_CONFIG for an inconsistent grid, E_ARG for an unknown method */
export function checkGrid(spec: GridSpec): void {
  for (const [what, list] of [
    ["models", spec.models.map(({ id }) => id)],
    ["scenarios", spec.scenarios.map(({ id }) => id)],
    ["seeds", spec.seeds.map(String)],
    ["rows", spec.rows.map(labelOf)],
  ] as const) {
    if (list.length === 0 && what !== "rows") throw problem(spec, `expected ${what}, got none`);
    const twice = list.find((name, i) => list.indexOf(name) !== i);
    if (twice !== undefined) throw problem(spec, `${what}: expected different ones, got ${twice} twice`);
  }
  const both = spec.models.find(({ sharding, prune }) => sharding !== undefined && prune !== undefined);
  if (both !== undefined) throw problem(spec, `${both.id}: expected one network to prune, got an ensemble of shards`);
  for (const { method, models = [], scenarios = [], ...row } of spec.rows) {
    expectChoice(
      "method",
      method,
      methods.map(({ name }) => name),
    );
    const label = labelOf({ method, ...row });
    checkNames(spec, { what: `${label}: model`, names: models, known: spec.models });
    checkNames(spec, { what: `${label}: scenario`, names: scenarios, known: spec.scenarios });
  }
  for (const { first, second } of spec.tests) {
    checkNames(spec, { what: "test: model", names: [first.model, second.model], known: spec.models });
  }
}

interface Names {
  readonly what: string;
  readonly names: readonly string[];
  readonly known: ReadonlyArray<{ readonly id: string }>;
}

function checkNames(spec: GridSpec, { what, names, known }: Names): void {
  const odd = names.find((name) => !known.some(({ id }) => id === name));
  if (odd === undefined) return;
  throw problem(spec, `${what}: expected one of ${known.map(({ id }) => id).join(", ")}, got ${odd}`);
}

function problem({ name }: GridSpec, message: string): CoppiceError {
  return new CoppiceError("E_CONFIG", `${name}: ${message}`);
}
