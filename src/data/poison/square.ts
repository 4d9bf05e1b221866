/** The square triggers: a block of one value near the lower right corner. */
import { CoppiceError } from "../../util/errors.ts";
import type { ImageShape } from "../batches.ts";
import type { Trigger } from "./attack.ts";

export interface SquareOptions {
  /** Side in pixels, ≥ 1. */
  readonly size: number;
  /** Pixels left free below and to the right. */
  readonly margin: number;
  /** Of every pixel and channel, 0 black to 255 white. */
  readonly value: number;
}

/** @throws CoppiceError E_ARG when the square does not fit on the image */
export function checkSquare(name: string, { size, margin }: SquareOptions, { height, width }: ImageShape): void {
  const side = Math.min(height, width);
  if (size + margin <= side) return;
  throw new CoppiceError(
    "E_ARG",
    `${name}: expected a trigger that fits on images of ${height}x${width}, got one of ${size}x${size} with a margin of ${margin}`,
    { hint: `size and margin together may be ${side} at most` },
  );
}

/** Sets rows and columns [-margin - size, -margin) of every channel to `value`. */
export function squareTrigger(
  { size, margin, value }: SquareOptions,
  { channels, height, width }: ImageShape,
): Trigger {
  return (image) => {
    for (let channel = 0; channel < channels; channel++) {
      for (let row = height - margin - size; row < height - margin; row++) {
        const end = (channel * height + row + 1) * width - margin;
        image.fill(value, end - size, end);
      }
    }
  };
}
