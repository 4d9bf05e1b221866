/** What an unlearning method is: which data it may see, its options, and how it changes the model. */
import type { BatchSource } from "../data/batches.ts";
import type { Module } from "../nn/index.ts";
import type { Mask } from "../prune/mask.ts";
import type { FitOptions, FitSummary, Trainer } from "../train/index.ts";
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
  readonly model: Module;
  /** D_r. @throws when the method did not ask for it. */
  readonly retain: BatchSource;
  /** D_f. @throws when the method did not ask for it. */
  readonly forget: BatchSource;
  readonly trainer: Trainer;
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
  readonly fit: (parameters: Module, epochs: number, lr: number) => Pick<FitOptions, "optimizer" | "schedule">;
}

/** What a method reports besides the model. */
export interface MethodResult {
  readonly summary: FitSummary;
  /** Weights it set exactly to zero. */
  readonly exactZeros?: number;
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
  run(context: MethodContext, options: OptionValues): Promise<MethodResult>;
}

/** A method whose options are typed inside of it and plain values outside. */
export interface TypedMethod<Options> extends Omit<Method, "check" | "run"> {
  check?(options: Options): void;
  run(context: MethodContext, options: Options): Promise<MethodResult>;
}

/** `Options` must have exactly the fields that `options` describes: the runner checks values against those before it calls. */
export function defineMethod<Options>(method: TypedMethod<Options>): Method {
  return method as unknown as Method;
}
