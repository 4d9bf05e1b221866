/** From a grid to its jobs: what is trained, pruned, made to forget and evaluated, each once however often it is needed. */
import type { ForgetConfig, TrainConfig } from "../../stages/config.ts";
import {
  checkGrid,
  type GridModel,
  type GridRow,
  type GridScenario,
  type GridSpec,
  labelOf,
  ORIGINAL,
  RETRAIN,
  trainingOf,
} from "./spec.ts";
import { defined } from "../../util/defined.ts";
import { evaluateJob, forgetJob, pruneJob, type StageJob, trainJob } from "../../jobs/stage-jobs/index.ts";

/** One evaluated model: a cell of the grid. */
export interface Cell {
  readonly scenario: GridScenario;
  readonly model: GridModel;
  readonly label: string;
  readonly method: string;
  readonly seed: number;
  /** What was, or was not, made to forget. */
  readonly base: StageJob;
  readonly run: StageJob;
  readonly evaluation: StageJob;
}

/** All cells, in the order of the table: scenarios, models, rows, seeds; before a model's rows itself and Retrain. */
export function expandGrid(spec: GridSpec): Cell[] {
  checkGrid(spec);
  return spec.scenarios.flatMap((scenario) =>
    spec.models.flatMap((model) => {
      const rows = spec.rows.filter((row) => includes(row.models, model.id) && includes(row.scenarios, scenario.id));
      const bySeed = spec.seeds.map((seed) => new Column(spec, scenario, { model, seed }).cells(rows));
      return (bySeed[0] ?? []).flatMap((_, row) => bySeed.flatMap((cells) => cells[row] ?? []));
    }),
  );
}

const includes = (names: readonly string[] | undefined, name: string): boolean => names?.includes(name) ?? true;

/** A model of one seed in one scenario. */
class Column {
  readonly #spec: GridSpec;
  readonly #scenario: GridScenario;
  readonly #model: GridModel;
  readonly #seed: number;
  readonly #train: TrainConfig;

  constructor(spec: GridSpec, scenario: GridScenario, { model, seed }: { model: GridModel; seed: number }) {
    this.#spec = spec;
    this.#scenario = scenario;
    this.#model = model;
    this.#seed = seed;
    this.#train = { ...trainingOf(spec, model), seed };
  }

  cells(rows: readonly GridRow[]): Cell[] {
    const base = this.#base();
    const retrain = this.#forget(base, { method: "retrain", options: {}, label: RETRAIN });
    const retrainEvaluation = this.#evaluation(RETRAIN, { of: retrain });
    const oracle = { run: retrain, evaluation: retrainEvaluation };
    const cell = (label: string, method: string, run: StageJob, evaluation: StageJob): Cell => {
      return { scenario: this.#scenario, model: this.#model, seed: this.#seed, label, method, base, run, evaluation };
    };
    return [
      cell(ORIGINAL, "original", base, this.#evaluation(ORIGINAL, { of: base, splitOf: retrain, oracle })),
      cell(RETRAIN, "retrain", retrain, retrainEvaluation),
      ...rows.map((row) => {
        const run = this.#forget(base, row);
        return cell(labelOf(row), row.method, run, this.#evaluation(labelOf(row), { of: run, oracle }));
      }),
    ];
  }

  #title(what: string, of: string = this.#model.label): string {
    return `seed ${this.#seed}, ${of}: ${what}`;
  }

  #common(): Pick<ForgetConfig, "data" | "seed" | "device" | "engine"> {
    const { data, device } = this.#train;
    const { engine } = this.#spec;
    return {
      data: {
        allowUnverified: data.allowUnverified,
        ...defined({ folder: data.folder }),
      },
      seed: this.#seed,
      device,
      ...defined({ engine }),
    };
  }

  #base(): StageJob {
    const { prune, label } = this.#model;
    const original = trainJob(this.#title("train", prune === undefined ? label : "original"), this.#train);
    if (prune === undefined) return original;
    return pruneJob(this.#title("prune"), original, { ...this.#common(), ...prune });
  }

  #forget(base: StageJob, row: GridRow): StageJob {
    return forgetJob(this.#title(`${this.#scenario.title}, ${labelOf(row)}`), base, {
      ...this.#common(),
      request: this.#scenario.request,
      method: row.method,
      options: row.options,
      batchSize: this.#train.recipe.batchSize,
    });
  }

  #evaluation(label: string, parts: Pick<Parameters<typeof evaluateJob>[1], "of" | "splitOf" | "oracle">): StageJob {
    const { data, device } = this.#common();
    return evaluateJob(this.#title(`${this.#scenario.title}, evaluate ${label}`), {
      ...parts,
      device,
      data,
      engine: this.#spec.engine === "dense" ? "dense" : "auto",
      // Whoever asks for the figure asks for the images.
      ...(this.#spec.figures.includes("samples") ? { withSamples: true } : {}),
    });
  }
}
