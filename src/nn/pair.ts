/** Sizes of the two image dimensions. */
import { expectInteger } from "../util/assert.ts";

/** One number for both dimensions, or `[height, width]`. */
export type Pair = number | readonly [number, number];

/** Both sizes as `[height, width]`, each an integer of at least `min`. @throws CoppiceError E_ARG naming `name`. */
export function toPair(name: string, value: Pair, min: number): [number, number] {
  const [height, width] = typeof value === "number" ? [value, value] : value;
  expectInteger(name, height, { min });
  expectInteger(name, width, { min });
  return [height, width];
}
