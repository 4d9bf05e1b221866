/** Results, on standard output: with no character that a terminal obeys, whatever files, classes and records are called. */
import { printable } from "../util/shown.ts";

export function print(text: string): void {
  console.log(printable(text));
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}
