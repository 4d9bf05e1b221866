/** Values of options, from text. */
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { type Engine, engines, type MatchName, matchNames, type Precision, precisions } from "../record/index.ts";

export function numberOption(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) throw new InvalidArgumentError("expected a number.");
  return value;
}

/** Never a percentage. */
export function fractionOption(text: string): number {
  const percent = /^\s*([\d.]+)\s*%\s*$/.exec(text)?.[1];
  if (percent === undefined) return numberOption(text);
  throw new InvalidArgumentError(`expected a fraction: for ${percent} % give ${Number(percent) / 100}.`);
}

/** `column=value`, added to those before. */
export function conditionOption(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf("=");
  const column = text.slice(0, Math.max(0, at));
  if (column === "") throw new InvalidArgumentError("expected column=value, for example customer=C-104.");
  if (Object.hasOwn(before, column)) throw new InvalidArgumentError("expected each column once.");
  return { ...before, [column]: text.slice(at + 1) };
}

/** Names of transformations, by commas. */
export function matchOption(text: string): MatchName[] {
  return text.split(",").map((name) => choiceOption(matchNames)(name.trim()));
}

export function integerOption(text: string): number {
  const value = numberOption(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError("expected a whole number.");
  return value;
}

/** At least 1. */
export function countOption(text: string): number {
  const value = integerOption(text);
  if (value < 1) throw new InvalidArgumentError("expected a whole number of at least 1.");
  return value;
}

/** `0.5,0.75`; an empty text is an empty list. */
export function numbersOption(text: string): number[] {
  return text === "" ? [] : text.split(",").map(numberOption);
}

/** One of `choices`. */
export function choiceOption<T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw new InvalidArgumentError(`expected one of ${choices.join(", ")}.`);
    return found;
  };
}

/** `--engine`: how a pruned model is computed. */
export const engineOption: (text: string) => Engine = choiceOption(engines);

/** `--precision`: of activations on the sparse engine. */
export const precisionOption: (text: string) => Precision = choiceOption(precisions);
