/** What pruning would leave under each allocation, and what a training step then takes on this machine. Writes nothing. */
import { allocations, connectLayers, prunerNamed } from "../prune/index.ts";
import { chooseEngine, type EngineChoice, applyEngine, liveShareOf, outputPixelsByName } from "../sparse/index.ts";
import type { Mask, Pruner } from "../prune/index.ts";
import type { Model } from "../models/index.ts";
import type { Module } from "../nn/index.ts";
import type { Optimizer } from "../optim/index.ts";
import { disposeAll, keep, noGrad, scope, type Tensor } from "../torch/index.ts";
import { stepSeconds } from "../train/index.ts";
import { CoppiceError } from "../util/errors.ts";
import type { PruneConfig } from "./config.ts";
import { readModel } from "./model-file.ts";
import { openParent, type Parent } from "./parent.ts";
import { checkPrunable, checkPruneConfig } from "./prune.ts";
import { part } from "./data-context.ts";
import { allocationRequest, prunerContext, setWeights } from "./pruning.ts";
import { makeOptimizer } from "./recipe.ts";
import type { StageContext } from "./stage.ts";

export interface PlannedLayer {
  readonly name: string;
  readonly shape: readonly number[];
  /** Of the dense network's multiplications, 0 to 1. */
  readonly flops: number;
}

export interface PlannedAllocation {
  readonly name: string;
  /** Why the allocation cannot be had; then there is nothing else. */
  readonly obstacle?: string;
  readonly sparsity: number;
  /** Multiplications that stay, 0 to 1. */
  readonly flops: number;
  /** Share of the weights that stay, for each layer. */
  readonly densities: readonly number[];
  readonly engine: EngineChoice["name"];
  /** Of the fastest of a few training steps, input included. */
  readonly secondsPerStep: number;
  readonly speedUp: number;
}

export interface PrunePlan {
  readonly model: string;
  readonly pruner: string;
  readonly sparsity: number;
  readonly batchSize: number;
  readonly denseSecondsPerStep: number;
  readonly layers: readonly PlannedLayer[];
  readonly allocations: readonly PlannedAllocation[];
}

/** Measures rather than models: a few real training steps dense and under the mask of each allocation. */
export async function prunePlan(config: PruneConfig, context: StageContext): Promise<PrunePlan> {
  checkPruneConfig(config);
  const parent = await openParent(config.model, config, context);
  checkPrunable(parent);
  const pruner = prunerNamed(config.pruner);
  checkOneStep(pruner);
  const { device } = config;
  const original = (): Model =>
    readModel(parent.folder, parent.record, { device, normalization: parent.loaded.dataset }).model;
  using dense = original();
  const pixels = outputPixelsByName(dense);
  setWeights(dense, pruner.weights === "initial" ? "initial" : "final", parent);
  const training = part(parent.loaded, parent.folder.readSplit(), "train");
  const scores = scope(() => keepAll(pruner.score(prunerContext(dense, training, config))));
  const work = [...scores].map(([name, { numel }]) => (pixels.get(name) ?? 0) * numel);
  const layers = [...scores].map(([name, { shape }], i): PlannedLayer => {
    return { name, shape: [...shape], flops: (work[i] ?? 0) / sum(work) };
  });
  const batchSize = Math.min(parent.original.recipe.batchSize, parent.folder.readSplit().indices.train.length);
  const clock = (used: OnEngine): Promise<number> => timeStep(used, parent, batchSize, context);
  context.log("timing the dense model");
  const denseSecondsPerStep = await clock({ model: dense, mask: null });
  const planned: PlannedAllocation[] = [];
  for (const allocation of allocations) {
    using model = original();
    const mask = maskOrObstacle(() => {
      const made = allocation.mask(scores, allocationRequest(allocation.name, config, model));
      return config.keepConnected === true ? connectLayers(made, scores) : made;
    });
    const { name } = allocation;
    if (typeof mask !== "string") context.log(`timing ${name}`);
    planned.push(
      typeof mask === "string"
        ? { name, obstacle: mask, sparsity: 0, flops: 0, densities: [], engine: "dense", secondsPerStep: 0, speedUp: 0 }
        : { name, ...(await timeAllocation(model, mask, { config, context, clock, denseSecondsPerStep })) },
    );
  }
  disposeAll(scores);
  const { sparsity } = config;
  const shown = { model: config.model, pruner: pruner.name, sparsity, batchSize };
  return { ...shown, denseSecondsPerStep, layers, allocations: planned };
}

interface Timing {
  readonly config: PruneConfig;
  readonly context: StageContext;
  readonly clock: (used: OnEngine) => Promise<number>;
  readonly denseSecondsPerStep: number;
}

async function timeAllocation(
  model: Model,
  mask: Mask,
  { config, context, clock, denseSecondsPerStep }: Timing,
): Promise<Omit<PlannedAllocation, "name">> {
  const { precision } = config;
  const choice = await chooseEngine(config.engine ?? "auto", model, mask, { precision, log: context.log });
  const flops = liveShareOf(model, mask);
  const onEngine = applyEngine(choice, model, mask);
  using used = onEngine.model;
  const secondsPerStep = await clock({ model: used, mask: onEngine.mask });
  return {
    sparsity: mask.sparsity,
    flops,
    densities: mask.layers.map(({ nonzero, numel }) => nonzero / numel),
    engine: choice?.name ?? "dense",
    secondsPerStep,
    speedUp: denseSecondsPerStep / secondsPerStep,
  };
}

function checkOneStep({ name, steps = 1 }: Pruner): void {
  if (steps === 1) return;
  throw new CoppiceError("E_CONFIG", `--plan: expected a pruner that takes one step, got ${name} with ${steps}`, {
    hint: "plan with --method omp",
  });
}

function keepAll(scores: Map<string, Tensor>): Map<string, Tensor> {
  for (const score of scores.values()) keep(score);
  return scores;
}

interface OnEngine {
  readonly model: Model;
  readonly mask: Mask | null;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The mask, or why this allocation cannot be had: a budget too small is no reason to show nothing of the others. */
function maskOrObstacle(make: () => Mask): Mask | string {
  try {
    return noGrad(make);
  } catch (error) {
    if (error instanceof CoppiceError && error.code === "E_ARG") return error.message;
    throw error;
  }
}

async function timeStep(
  { model, mask }: OnEngine,
  { loaded, folder, original }: Parent,
  batchSize: number,
  { signal }: StageContext,
): Promise<number> {
  mask?.apply(model);
  const { indices } = folder.readSplit();
  const batch = loaded.train.subset(indices.train.slice(0, batchSize), "plan");
  const { augment } = original.recipe;
  const optimizer = (timed: Module): Optimizer => makeOptimizer(timed.namedParameters(), original.recipe, 0);
  const [seconds = NaN] = await stepSeconds([{ model, mask }], batch, { augment, optimizer, signal });
  return seconds;
}
