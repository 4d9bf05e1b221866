/** Values of options, from text. */
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { type Engine, engines, type Precision, precisions } from "../sparse/index.ts";

export function numberOption(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) throw new InvalidArgumentError("expected a number.");
  return value;
}

export function integerOption(text: string): number {
  const value = numberOption(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError("expected a whole number.");
  return value;
}

/** A number of things. */
export function countOption(text: string): number {
  const value = integerOption(text);
  if (value < 1) throw new InvalidArgumentError("expected a whole number of at least 1.");
  return value;
}

/** `0.5,0.75` */
export function numbersOption(text: string): number[] {
  return text === "" ? [] : text.split(",").map(numberOption);
}

/** `--engine`: how a pruned model is computed. */
export function engineOption(text: string): Engine {
  const found = engines.find((name) => name === text);
  if (found === undefined) throw new InvalidArgumentError(`expected one of ${engines.join(", ")}.`);
  return found;
}

/** `--precision`: of activations on the sparse engine. */
export function precisionOption(text: string): Precision {
  const found = precisions.find((name) => name === text);
  if (found === undefined) throw new InvalidArgumentError(`expected one of ${precisions.join(", ")}.`);
  return found;
}
