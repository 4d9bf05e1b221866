/** A class as people read it: its number and its name, always together, because either may be taken for the other. */
import { shown } from "./shown.ts";

/** Longest name that stands as it is. */
const LONGEST_NAME = 80;

/**
 * `3 (cat)`; a number without a name stands alone.
 * @param names of the classes, in the order of their numbers
 */
export function numberedClass(number: number, names: readonly string[]): string {
  const name = names[number];
  return name === undefined ? `${number}` : `${number} (${nameOfClass(name)})`;
}

/** `0 (cat), 1 (dog)`: all of them. */
export function numberedClasses(names: readonly string[]): string {
  return names.map((_, number) => numberedClass(number, names)).join(", ");
}

/** `cat`; in quotes where it is empty or long, or has blanks at an end or hidden characters, so that it can be told from a similar one. */
export function nameOfClass(name: string): string {
  const quoted = shown(name);
  const isPlain = quoted === `"${name}"` && name === name.trim() && name !== "" && name.length <= LONGEST_NAME;
  return isPlain ? name : quoted;
}
