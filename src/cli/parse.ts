/** Values of options, from text. */
import { InvalidArgumentError } from "@commander-js/extra-typings";

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

/** `0.5,0.75` */
export function numbersOption(text: string): number[] {
  return text === "" ? [] : text.split(",").map(numberOption);
}
