/** From the settings of a pruned run to its mask, on whatever data: for pruning itself, and to do it again without the forget images. */
import type { BatchSource } from "../data/batches.ts";
import { someOfEachClass } from "../data/index.ts";
import type { Model } from "../models/index.ts";
import {
  allocationNamed,
  type AllocationRequest,
  type LayerKinds,
  type Mask,
  maskBy,
  prunableWeights,
  type Pruner,
  type PrunerContext,
  prunerNamed,
  roundSparsities,
} from "../prune/index.ts";
import { outputPixelsByName } from "../sparse/index.ts";
import { Generator } from "../torch/index.ts";
import type { PruningRecipe } from "../unlearn/index.ts";
import { deriveSeed } from "../util/seed.ts";
import type { PruneConfig, Rewind, TrainConfig } from "./config.ts";
import { freshModel, loadModel } from "./model-file.ts";
import type { Parent } from "./parent.ts";
import { runFiles } from "./run-files.ts";

export type MaskSettings = Pick<
  PruneConfig,
  "pruner" | "sparsity" | "allocation" | "flops" | "layers" | "keepConnected" | "seed"
>;

/** The original's weights as they were at some time. */
export function setWeights(model: Model, at: Rewind, { folder, record }: Parent): void {
  if (at === "initial") {
    using initial = freshModel(model.spec, record.seed, "cpu");
    model.loadStateDict(initial.stateDict());
  } else {
    if (at === "epoch") folder.checkFile(runFiles.rewind, record);
    loadModel(folder.file(at === "final" ? "model" : "rewind"), model);
  }
}

/** What a pruner may look at: the model as it is, and images of `source`. */
export function prunerContext(
  model: Model,
  source: BatchSource,
  { seed, layers }: Pick<PruneConfig, "seed" | "layers">,
): PrunerContext {
  const generator = Generator.seeded(deriveSeed(seed, "prune"));
  return { model, images: (perClass) => someOfEachClass(source, perClass, generator), generator, layers };
}

/** What the allocation `name` needs to know of the settings and the model. */
export function allocationRequest(
  name: string,
  { sparsity, flops }: Pick<PruneConfig, "sparsity" | "flops">,
  model: Model,
): AllocationRequest {
  const outputPixels = name === "flops" ? outputPixelsByName(model) : new Map<string, number>();
  return { sparsity, flops: flops ?? Math.min(1, 2 * (1 - sparsity)), outputPixels };
}

export interface MaskRound {
  /** What lives already, of a later round. */
  readonly before?: Mask | null;
  /** Told before each step of a pruner that takes several. */
  readonly onStep?: (step: number, steps: number) => void;
}

/** The mask of `model` as it is. */
export function makeMask(
  model: Model,
  source: BatchSource,
  settings: MaskSettings,
  { before = null, onStep }: MaskRound = {},
): Mask {
  const allocation = allocationNamed(settings.allocation ?? "global");
  const request = allocationRequest(allocation.name, settings, model);
  const keepConnected = settings.keepConnected === true;
  const options = { allocation, request, before, keepConnected };
  return maskBy(prunerNamed(settings.pruner), prunerContext(model, source, settings), options, onStep);
}

/** Sparsities after the rounds of a pruner that trains in between; of others the one. */
export function sparsitiesOf(config: MaskSettings & Pick<PruneConfig, "rate">, model: Model): number[] {
  const { roundRate } = prunerNamed(config.pruner);
  if (roundRate === undefined) return [config.sparsity];
  const total = [...prunableWeights(model, config.layers).values()].reduce((sum, { numel }) => sum + numel, 0);
  return roundSparsities(total, config.sparsity, config.rate ?? roundRate);
}

/** Where training under the mask starts, and how long it takes. */
export function rewindOf(
  config: Pick<PruneConfig, "rewind" | "epochs">,
  pruner: Pruner,
  { recipe, rewindEpoch }: Pick<TrainConfig, "recipe" | "rewindEpoch">,
): { readonly at: Rewind; readonly from: number; readonly epochs: number } {
  const at = config.rewind ?? (pruner.weights === "initial" ? "initial" : "epoch");
  const from = at === "epoch" ? rewindEpoch : 0;
  return { at, from, epochs: config.epochs ?? recipe.epochs - from };
}

/** The pruning of a finished run as a method may do it again. */
export function pruningRecipe(config: PruneConfig, original: TrainConfig, model: Model): PruningRecipe {
  const pruner = prunerNamed(config.pruner);
  const { at, from, epochs } = rewindOf(config, pruner, original);
  const sparsities = sparsitiesOf(config, model);
  return {
    rounds: sparsities.length,
    trainsFirst: pruner.weights === "trained",
    rewindTo: at === "epoch" ? original.rewindEpoch : at,
    from,
    epochs,
    mask: (pruned, source, round, before) =>
      makeMask(pruned, source, { ...config, sparsity: sparsities[round] ?? config.sparsity }, { before }),
  };
}

/** The layers that a mask or a plan is about. */
export function kindsOf(layers: LayerKinds | undefined): string {
  return layers === "conv+linear" ? "convolution and linear weights" : "convolution weights";
}
