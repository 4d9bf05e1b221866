/**
 * From a recipe's settings to optimiser and schedule.
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934: SGD, rate 0.1 divided by ten at 1/2 and 3/4 of the epochs, momentum 0.9,
 *            weight decay 5e-4
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d: milestones 91 and 136 of 182 epochs, which the shares 0.5 and 0.75 give, rounded down
 * Differs    no milestone comes before the first epoch is over: a training of one epoch has the full rate throughout
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
  const warmup = { epochs: warmupOf(recipe, epochs) };
  switch (recipe.schedule) {
    case "multistep":
      return multiStep({ lr, milestones: milestonesOf(recipe, epochs), warmup });
    case "cosine":
      return cosine({ lr, epochs, warmup });
    case "onecycle":
      return oneCycle({ maxLr: lr, epochs });
    case "constant":
      return constant({ lr, warmup });
  }
}

/** The epochs from which on the rate is divided by ten once more. */
function milestonesOf({ milestones }: RecipeConfig, epochs: number): number[] {
  return milestones.map((share) => Math.max(1, Math.floor(share * epochs)));
}

/** Epochs of the warm-up: it leaves one at least. */
function warmupOf({ warmupEpochs }: RecipeConfig, epochs: number): number {
  return Math.min(warmupEpochs, Math.max(0, epochs - 1));
}

/** What the rate of such a schedule does, in a line: `learning rate 0.1, × 0.1 after epochs 91 and 136`. */
export function describeRate(recipe: RecipeConfig, epochs = recipe.epochs, lr = recipe.lr): string {
  const { schedule, warmupEpochs } = recipe;
  const course = schedule === "multistep" ? describeSteps(milestonesOf(recipe, epochs), epochs) : courses[schedule];
  // One cycle has its own warm-up.
  const warmup = schedule === "onecycle" ? 0 : warmupOf(recipe, epochs);
  const asked = warmup < warmupEpochs ? ` (${warmupEpochs} were asked for)` : "";
  const after = warmup > 0 || asked !== "" ? `, warm-up of ${warmup} epoch${warmup === 1 ? "" : "s"}${asked}` : "";
  return `learning rate ${lr}, ${course}${after}`;
}

const courses = {
  cosine: "falling along a cosine",
  onecycle: "the highest of one cycle",
  constant: "constant",
} as const;

function describeSteps(milestones: readonly number[], epochs: number): string {
  const reached = milestones.filter((milestone) => milestone < epochs).toSorted((a, b) => a - b);
  const places = [...new Set(reached)];
  if (places.length === 0) return courses.constant;
  if (places.length === reached.length)
    return `× 0.1 after epoch${places.length > 1 ? "s" : ""} ${places.join(" and ")}`;
  const times = (place: number): number => reached.filter((milestone) => milestone === place).length;
  return places.map((place) => `× ${Number((0.1 ** times(place)).toPrecision(3))} after epoch ${place}`).join(", ");
}

/** The same schedule, taken up `epochs` epochs after its start. */
export function fromEpoch(schedule: Schedule, epochs: number): Schedule {
  return (epoch, step, stepsPerEpoch) => schedule(epoch + epochs, step, stepsPerEpoch);
}

/** A recipe as methods see it. @param log told what the rate does, each time that it does something else */
export function trainingRecipe(recipe: RecipeConfig, log?: (message: string) => void): TrainingRecipe {
  let said = "";
  const say = (course: string): void => {
    if (course !== said) log?.(course);
    said = course;
  };
  return {
    epochs: recipe.epochs,
    lr: recipe.lr,
    momentum: recipe.momentum,
    weightDecay: recipe.weightDecay,
    fit: (parameters, epochs, lr): Pick<FitOptions, "optimizer" | "schedule"> => {
      say(describeRate(recipe, epochs, lr));
      return { optimizer: makeOptimizer(parameters, recipe, lr), schedule: makeSchedule(recipe, epochs, lr) };
    },
  };
}
