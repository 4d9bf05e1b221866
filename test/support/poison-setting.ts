/** Small images for triggers: every pixel of one value, and what a trigger makes of them. */
import type { ImageShape } from "../../src/data/batches.ts";
import { type Attack, attackOptions } from "../../src/data/poison/attack.ts";

export const colour32: ImageShape = { channels: 3, height: 32, width: 32 };

/** An image of `shape` whose pixel (c, h, w) is `value(c, h, w)`. */
export function imageBy(
  { channels, height, width }: ImageShape,
  value: (channel: number, row: number, column: number) => number,
): Uint8Array {
  return Uint8Array.from({ length: channels * height * width }, (_, i) =>
    value(Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width),
  );
}

/** `image` with the trigger of `attack`, under the given options, seed 1 unless said otherwise. */
export function triggered(
  attack: Attack,
  image: Uint8Array,
  setting: { readonly shape?: ImageShape; readonly options?: Record<string, number>; readonly seed?: number } = {},
): Uint8Array {
  const { shape = colour32, options = {}, seed = 1 } = setting;
  const changed = image.slice();
  attack.trigger({ options: attackOptions(attack, options), shape, seed })(changed);
  return changed;
}

/** Where two images of `shape` differ, as `[c, h, w]`. */
export function changes(before: Uint8Array, after: Uint8Array, { height, width }: ImageShape = colour32): number[][] {
  return [...after.keys()]
    .filter((i) => after[i] !== before[i])
    .map((i) => [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width]);
}
