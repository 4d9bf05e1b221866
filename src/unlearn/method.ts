/** What an unlearning method is: which data it may see, its options, and how it changes the model. */
import type { BatchSource } from "../data/batches.ts";
import type { Model } from "../models/index.ts";
import type { Mask } from "../prune/mask.ts";
import type { Generator, Tensor } from "../torch/index.ts";
import type { FitOptions, Trainer } from "../train/index.ts";
import type { MethodOption, OptionValues } from "./options.ts";

/** Data a method asks for; the runner hands it nothing else. */
export interface Needs {
  readonly retain: boolean;
  readonly forget: boolean;
  /** `original`: starts from the trained model. `fresh`: from a new initialisation. */
  readonly start: "original" | "fresh";
}

export interface MethodContext {
  /** The model to change; already freshly initialised where the method needs that, already under the mask where there is one. */
  readonly model: Model;
  /** D_r. @throws when the method did not ask for it. */
  readonly retain: BatchSource;
  /** D_f. @throws when the method did not ask for it. */
  readonly forget: BatchSource;
  /** Classes that are forgotten whole, ascending; empty where single images are. */
  readonly forgetClasses: readonly number[];
  readonly trainer: Trainer;
  /** For what the method draws itself. */
  readonly generator: Generator;
  /**
   * The model as it is now, as one of its own: in evaluation mode, its parameters without gradients. The caller disposes of it.
   * @param engine `dense` where gradients of images are needed; default the model's own
   */
  readonly copy: (engine?: "dense") => Model;
  /** Likewise, newly initialised. */
  readonly fresh: () => Model;
  readonly mask: Mask | null;
  /** Optimiser settings of the original, for methods that train as it was trained. */
  readonly recipe: TrainingRecipe;
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
  /** Weights it set exactly to zero. */
  readonly exactZeros?: number;
}

/** What is to be forgotten, as far as a method's chances depend on it. */
export interface Forgotten {
  /** Whole classes, rather than single images. */
  readonly wholeClasses: boolean;
  /** Of all training images, 0 to 1. */
  readonly share: number;
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
  readonly options: Readonly<Record<string, MethodOption>>;
  /** Rules between options. @throws CoppiceError E_ARG */
  check?(options: OptionValues): void;
  /** Why its mechanism cannot be expected to work on what is forgotten, in a sentence; undefined, or absent: it can. */
  caution?(forgotten: Forgotten, options: OptionValues): string | undefined;
  /** What it needs that live weights alone do not give; undefined, or absent: nothing. */
  needsDense?(options: OptionValues): string | undefined;
  run(context: MethodContext, options: OptionValues): Promise<MethodResult>;
}

/** A method whose options are typed inside of it and plain values outside. */
export interface TypedMethod<Options> extends Omit<Method, "check" | "caution" | "needsDense" | "run"> {
  check?(options: Options): void;
  caution?(forgotten: Forgotten, options: Options): string | undefined;
  needsDense?(options: Options): string | undefined;
  run(context: MethodContext, options: Options): Promise<MethodResult>;
}

/** `Options` must have exactly the fields that `options` describes: the runner checks values against those before it calls. */
export function defineMethod<Options>(method: TypedMethod<Options>): Method {
  return method as unknown as Method;
}
