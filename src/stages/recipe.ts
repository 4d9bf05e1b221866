/**
 * From a recipe's settings to optimiser and schedule.
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934: SGD, rate 0.1 divided by ten at 1/2 and 3/4 of the epochs, momentum 0.9,
 *            weight decay 5e-4
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d: milestones 91 and 136 of 182 epochs, which the shares 0.5 and 0.75 give, rounded down
 */
import type { Tensor } from "../torch/index.ts";
import {
  adam,
  adamw,
  constant,
  cosine,
  multiStep,
  oneCycle,
  type Optimizer,
  type Schedule,
  sgd,
} from "../optim/index.ts";
import type { FitOptions } from "../train/index.ts";
import type { TrainingRecipe } from "../unlearn/index.ts";
import type { RecipeConfig } from "./config.ts";

/** The published epoch to rewind to, 8 of 182, is 4 % of the training: too early to be an epoch at all in short runs. */
const publishedRewindEpoch = 8;
const rewindShare = 0.1;

/** Rewind epoch where none is given: the published 8, in runs of less than 80 epochs a tenth of them. */
export function defaultRewindEpoch(epochs: number): number {
  return Math.min(publishedRewindEpoch, Math.max(1, Math.round(rewindShare * epochs)));
}

export function makeOptimizer(
  parameters: ReadonlyMap<string, Tensor>,
  recipe: RecipeConfig,
  lr = recipe.lr,
): Optimizer {
  const { momentum, weightDecay, nesterov } = recipe;
  switch (recipe.optimizer) {
    case "sgd":
      return sgd(parameters, { lr, momentum, weightDecay, nesterov });
    case "adam":
      return adam(parameters, { lr, weightDecay });
    case "adamw":
      return adamw(parameters, { lr, weightDecay });
  }
}

/** The recipe's schedule over `epochs` epochs from the rate `lr`. */
export function makeSchedule(recipe: RecipeConfig, epochs = recipe.epochs, lr = recipe.lr): Schedule {
  const warmup = { epochs: Math.min(recipe.warmupEpochs, Math.max(0, epochs - 1)) };
  switch (recipe.schedule) {
    case "multistep":
      return multiStep({ lr, milestones: recipe.milestones.map((share) => Math.floor(share * epochs)), warmup });
    case "cosine":
      return cosine({ lr, epochs, warmup });
    case "onecycle":
      return oneCycle({ maxLr: lr, epochs });
    case "constant":
      return constant({ lr, warmup });
  }
}

/** The same schedule, taken up `epochs` epochs after its start. */
export function fromEpoch(schedule: Schedule, epochs: number): Schedule {
  return (epoch, step, stepsPerEpoch) => schedule(epoch + epochs, step, stepsPerEpoch);
}

/** A recipe as methods see it. */
export function trainingRecipe(recipe: RecipeConfig): TrainingRecipe {
  return {
    epochs: recipe.epochs,
    lr: recipe.lr,
    momentum: recipe.momentum,
    weightDecay: recipe.weightDecay,
    fit: (parameters, epochs, lr): Pick<FitOptions, "optimizer" | "schedule"> => ({
      optimizer: makeOptimizer(parameters, recipe, lr),
      schedule: makeSchedule(recipe, epochs, lr),
    }),
  };
}
