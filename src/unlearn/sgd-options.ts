/** Options that every method trained with SGD has. */
import { type NumberOption, optionFlag } from "../util/described-options.ts";
import { CoppiceError } from "../util/errors.ts";

export interface SgdMethodOptions {
  /** Passes over the method's data, ≥ 1. */
  readonly epochs: number;
  /** η, > 0. */
  readonly lr: number;
  /** μ, 0 to 1. */
  readonly momentum: number;
  /** λ, ≥ 0. */
  readonly weightDecay: number;
}

/** Of any training: some methods draw something for each epoch before the first. */
export const mostEpochs = 100_000;

const engine = "reference implementation's common engine (unlearn/impl.py)";

/** Descriptions of the four options, with a method's own defaults and where those two come from. */
export function sgdOptions(defaults: {
  epochs: number | "original";
  lr: number | "original";
  source: string;
}): Record<keyof SgdMethodOptions, NumberOption> {
  const { epochs, lr, source } = defaults;
  return {
    epochs: {
      type: "integer",
      default: epochs,
      min: 1,
      max: mostEpochs,
      description: "passes over the method's data",
      source,
    },
    lr: { type: "number", default: lr, min: 0, aboveMin: true, description: "learning rate of SGD", source },
    momentum: { type: "number", default: 0.9, min: 0, max: 1, description: "momentum of SGD", source: engine },
    weightDecay: { type: "number", default: 5e-4, min: 0, description: "weight decay of SGD", source: engine },
  };
}

/**
 * A part of the epochs cannot be more than all of them.
 * @param option its name @throws CoppiceError E_ARG
 */
export function expectWithinEpochs(method: string, option: string, value: number, epochs: number): void {
  if (value <= epochs) return;
  throw new CoppiceError(
    "E_ARG",
    `${method} ${option}: expected at most the number of epochs, ${epochs}, got ${value}`,
    {
      hint: `lower ${optionFlag(option)} to ${epochs}, or raise --epochs to ${value}`,
    },
  );
}
