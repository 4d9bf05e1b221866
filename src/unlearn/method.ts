/** What an unlearning method is: which data it may see, its options, and how it changes the model. */
import type { BatchSource } from "../data/batches.ts";
import type { Model } from "../models/index.ts";
import type { Mask } from "../prune/mask.ts";
import type { Generator, Tensor } from "../torch/index.ts";
import type { FitOptions, Trainer } from "../train/index.ts";
import { expectChoice } from "../util/assert.ts";
import { callable, checkDefinition, type GivenOptions, markKind } from "../util/definition.ts";
import {
  checkDescribedOptions,
  type DescribedOption,
  type DescribedOptions,
  type OptionValue,
  type OptionValues,
} from "../util/described-options.ts";

/** Data a method asks for; the runner hands it nothing else. One that asks for neither is not told which images are to be forgotten. */
export interface Needs {
  readonly retain: boolean;
  readonly forget: boolean;
  /**
   * The model it starts from. `original`: the trained one. `fresh`: a newly initialised one. `member`: a newly initialised network, one of the
   * ensemble that the method trains.
   */
  readonly start: "original" | "fresh" | "member";
}

/** Weights kept by name, beside a run. */
export interface StateStore {
  has(name: string): boolean;
  /** Completely or not at all. */
  save(name: string, state: ReadonlyMap<string, Tensor>): void;
  /** The caller disposes of the tensors. @throws CoppiceError E_CHECKPOINT when there are none of that name, or they are damaged */
  load(name: string): Map<string, Tensor>;
}

/** How the pruned original got its mask, to be done again on other data. */
export interface PruningRecipe {
  /** How often it trains and prunes. */
  readonly rounds: number;
  /** Whether a round begins with training: its scores are those of trained weights. */
  readonly trainsFirst: boolean;
  /** The weights that training under the mask starts from: after that many epochs, the initial or the final ones. */
  readonly rewindTo: number | "initial" | "final";
  /** Where in the schedule it starts, and for how many epochs it goes on. */
  readonly from: number;
  readonly epochs: number;
  /** The mask of a round, from 0, of `model` as it is. The caller disposes of it. */
  readonly mask: (model: Model, source: BatchSource, round: number, before: Mask | null) => Mask;
}

export interface MethodContext {
  /** The model to change; already freshly initialised where the method needs that, already under the mask where there is one. */
  readonly model: Model;
  /** D_r. @throws when the method did not ask for it. */
  readonly retain: BatchSource;
  /** D_f. @throws when the method did not ask for it. */
  readonly forget: BatchSource;
  /** Images held out of training; where whole classes are forgotten, those of these classes. @throws when the method did not ask for them. */
  readonly validation: BatchSource;
  /** Classes that are forgotten whole, ascending; empty where single images are. */
  readonly forgetClasses: readonly number[];
  readonly trainer: Trainer;
  /** For what the method draws itself. */
  readonly generator: Generator;
  /**
   * A copy of the model as it is now: in evaluation mode, its parameters without gradients. The caller disposes of it.
   * @param engine `dense` where gradients of images are needed; default the model's own
   */
  readonly copy: (engine?: "dense") => Model;
  /** Likewise, newly initialised; another one for each number, default 0. */
  readonly fresh: (index?: number) => Model;
  readonly mask: Mask | null;
  /** For the time of the run: what an interrupted one cannot compute again. */
  readonly snapshots: StateStore;
  /** A line for the user. */
  readonly log: (message: string) => void;
  /** How the original was made, for methods that do some of it again. */
  readonly original: OriginalTraining;
}

/** How the original was trained and pruned. */
export interface OriginalTraining {
  /** Optimiser settings and schedule. */
  readonly recipe: TrainingRecipe;
  /** Indices of the images of D_r and of D_f among those that the original was trained on, from 0, in the order of the two sources. */
  readonly imageIndices: { readonly retain: readonly number[]; readonly forget: readonly number[] };
  /** Of a pruned one; null of a dense one. */
  readonly pruning: PruningRecipe | null;
  /** Of one that was trained as an ensemble; null of one network. */
  readonly sharding: { readonly shards: number; readonly slices: number } | null;
  /** Weights after each slice of its shards, kept for later runs. */
  readonly slices: StateStore;
  /** A hash of everything but the images that decides what training gives: data set, architecture, recipe, seed and mask. */
  readonly identity: string;
}

/** How the original was trained. */
export interface TrainingRecipe {
  readonly epochs: number;
  readonly lr: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** The schedule, stretched to `epochs` from the rate `lr`. */
  readonly fit: (
    parameters: ReadonlyMap<string, Tensor>,
    epochs: number,
    lr: number,
  ) => Pick<FitOptions, "optimizer" | "schedule">;
}

/** What a method reports besides the model. */
export interface MethodResult {
  /** The mask under which it leaves the model, where it is not the one it was given. */
  readonly mask?: Mask;
  /** The networks of an ensemble, which replaces the model, each with its weight in the mean of their outputs. */
  readonly ensemble?: readonly { readonly state: ReadonlyMap<string, Tensor>; readonly weight: number }[];
  /** Weights it set exactly to zero. */
  readonly exactZeros?: number;
}

/** What is to be forgotten, and from which model: what a method needs to check its options and to warn of a case that it may not suit. */
export interface Forgotten {
  /** Whole classes, rather than single images. */
  readonly wholeClasses: boolean;
  /** Of all training images, 0 to 1. */
  readonly share: number;
  /** Images. */
  readonly count: number;
  /** Parameters that a mask covers; none of a dense original. */
  readonly masked: readonly string[];
  /** Convolutions and linear layers of the original. */
  readonly layers: number;
}

/** How many images there are of what a method may train on. */
export interface SetSizes {
  readonly retain: number;
  readonly forget: number;
  /** Held out, of the kind that is forgotten. */
  readonly validation: number;
  /** Of an original that was trained as an ensemble; null of one network. */
  readonly sharding: { readonly shards: number; readonly slices: number } | null;
}

export interface Method {
  /** Name in the registry and on the command line. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly source: string;
  /** Cost relative to other methods, in words: passes over which data. */
  readonly cost: string;
  readonly needs: Needs;
  readonly options: Readonly<Record<string, DescribedOption>>;
  /** Rules between options, and on what can be forgotten at all. @throws CoppiceError E_ARG, E_CONFIG */
  check?(options: OptionValues, forgotten: Forgotten): void;
  /** Why the method may be unsuitable for what is forgotten, in one or two sentences; undefined or absent: no reason is known. */
  caution?(forgotten: Forgotten, options: OptionValues): string | undefined;
  /** Whether it looks at images that were held out of training. Absent: it does not. */
  needsValidation?(options: OptionValues): boolean;
  /**
   * At least how many images the smallest set has that it trains on by itself; Infinity where it does not train. Absent: as many as the smallest of
   * those that it reads. Some networks cannot be trained on a single image.
   */
  smallestSet?(sets: SetSizes, options: OptionValues): number;
  /** Whether it begins without the mask of a pruned original, and makes its own. Absent: it does not. */
  makesMask?(options: OptionValues): boolean;
  /** What it needs that live weights alone do not give; undefined, or absent: nothing. */
  needsDense?(options: OptionValues): string | undefined;
  run(context: MethodContext, options: OptionValues): Promise<MethodResult>;
}

/** Whether the method reads training images: those to forget, or the retained ones, which also tell what is to be forgotten. */
export function readsTrainingImages({ needs }: Pick<Method, "needs">): boolean {
  return needs.retain || needs.forget;
}

/** The least images of a set that the method trains on by itself. */
export function smallestSetOf(method: Method, sets: SetSizes, options: OptionValues): number {
  if (method.smallestSet !== undefined) return method.smallestSet(sets, options);
  const { needs } = method;
  const read = [
    ...(needs.retain ? [sets.retain] : []),
    ...(needs.forget ? [sets.forget] : []),
    ...(method.needsValidation?.(options) === true ? [sets.validation] : []),
  ];
  return Math.min(...read);
}

/** A method as its file defines it, with the type of its options. */
export interface MethodDefinition<Options> extends Omit<
  Method,
  "options" | "check" | "caution" | "needsValidation" | "smallestSet" | "makesMask" | "needsDense" | "run"
> {
  readonly options: DescribedOptions<Options>;
  check?(options: Options, forgotten: Forgotten): void;
  caution?(forgotten: Forgotten, options: Options): string | undefined;
  needsValidation?(options: Options): boolean;
  smallestSet?(sets: SetSizes, options: Options): number;
  makesMask?(options: Options): boolean;
  needsDense?(options: Options): string | undefined;
  run(context: MethodContext, options: Options): Promise<MethodResult>;
}

/** A method with some of its options; the others have their defaults. */
export interface MethodChoice {
  readonly method: Method;
  readonly options: Readonly<Record<string, OptionValue | undefined>>;
}

/** A method that is called with its options: `l1Sparse({ gamma: 1e-4 })`. */
export interface CallableMethod<Options> extends Method {
  (options?: GivenOptions<Options>): MethodChoice;
}

/**
 * A method of `Options`, which must have exactly the fields that `definition.options` describes: values are checked against those before `run` is called.
 * @throws CoppiceError E_ARG for a definition that lacks something
 * @example
 * import { defineMethod } from "coppice";
 * import { noGrad } from "coppice/torch";
 *
 * const decay = defineMethod<{ rate: number }>({
 *   name: "decay",
 *   title: "Decay",
 *   description: "shrinks all weights",
 *   source: "an example",
 *   cost: "nothing",
 *   needs: { retain: false, forget: false, start: "original" },
 *   options: { rate: { type: "number", default: 0.1, min: 0, max: 1, description: "share that is taken off", source: "an example" } },
 *   async run({ model }, { rate }) {
 *     noGrad(() => {
 *       for (const parameter of model.parameters()) parameter.mul_(1 - rate);
 *     });
 *     return {};
 *   },
 * });
 * console.log(decay({ rate: 0.5 }).options); // { rate: 0.5 }
 */
export function defineMethod<Options>(definition: MethodDefinition<Options>): CallableMethod<Options> {
  const method = definition as unknown as Method;
  checkMethod(method);
  const made = callable(method, (chosen, options: GivenOptions<Options>): MethodChoice => {
    return { method: chosen, options: options as MethodChoice["options"] };
  });
  return markKind("method", made);
}

/** @throws CoppiceError E_ARG for a method that lacks something */
export function checkMethod(method: Method): void {
  checkDefinition("method", method, {
    title: "text",
    description: "text",
    source: "text",
    cost: "text",
    needs: "object",
    options: "object",
    check: "function?",
    caution: "function?",
    needsValidation: "function?",
    smallestSet: "function?",
    makesMask: "function?",
    needsDense: "function?",
    run: "function",
  });
  expectChoice(`method ${method.name}: needs.start`, String(method.needs.start), ["original", "fresh", "member"]);
  checkDescribedOptions(`method ${method.name}`, method.options);
}
