/** The parts of sentences: counted nouns, lists, clauses. */
import { integer } from "./numbers.ts";

/** `1 image`, `2 images`, and with a plural that takes no s `2 classes`. */
export function plural(count: number, noun: string, several = `${noun}s`): string {
  return `${integer(count)} ${count === 1 ? noun : several}`;
}

/** A sentence's list: `a`, `a and b`, `a, b and c`. */
export function listing(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** A clause as a whole sentence: its first letter large, a full stop behind. */
export function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
}
