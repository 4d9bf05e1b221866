/**
 * Warping of stored images: a smooth field of shifts, and sampling along it. In plain numbers, not operators, so that the same seed gives
 * the same bytes on every machine, and poisoned data keep their digest.
 *
 * Shapes     k points of the coarse field along each axis · H,W image
 * Source     Keys 1981 (cubic convolution, a = -0.75 as in PyTorch)
 * Reference  torch.nn.functional.interpolate(mode="bicubic", align_corners=True) and grid_sample(mode="bilinear", align_corners=True)
 * Differs    shifts are in pixels, not in shares of half the image; results are rounded to the nearest pixel value
 */
import type { ImageShape } from "../batches.ts";
import { toPixel } from "./attack.ts";

/** A shift in pixels for every pixel of an image, row-major. */
export interface Shifts {
  readonly down: Float64Array;
  readonly right: Float64Array;
}

const CUBIC = -0.75;

/** `coarse` [k, k] stretched to [height, width], corners on corners. */
export function bicubic(coarse: Float64Array, k: number, { height, width }: ImageShape): Float64Array {
  const rows = taps(k, height);
  const columns = taps(k, width);
  return Float64Array.from({ length: height * width }, (_, i) => {
    const [down = [], right = []] = [rows[Math.floor(i / width)], columns[i % width]];
    return down.reduce(
      (sum, a) => sum + a.weight * right.reduce((part, b) => part + b.weight * (coarse[a.at * k + b.at] ?? 0), 0),
      0,
    );
  });
}

interface Tap {
  readonly at: number;
  readonly weight: number;
}

/** For each of `length` places along k points: the four points nearest to it (those at the border again beyond it) and their weights. */
function taps(k: number, length: number): Tap[][] {
  return Array.from({ length }, (_, i) => {
    const place = length === 1 ? 0 : (i * (k - 1)) / (length - 1);
    const first = Math.floor(place);
    return [-1, 0, 1, 2].map((offset) => ({
      at: Math.min(k - 1, Math.max(0, first + offset)),
      weight: cubicWeight(Math.abs(place - first - offset)),
    }));
  });
}

function cubicWeight(distance: number): number {
  if (distance <= 1) return ((CUBIC + 2) * distance - (CUBIC + 3)) * distance * distance + 1;
  if (distance < 2) return ((CUBIC * distance - 5 * CUBIC) * distance + 8 * CUBIC) * distance - 4 * CUBIC;
  return 0;
}

/** Takes every pixel of `image` [C, H, W] from where its shift points, between pixels by bilinear mixing, never from beyond the border. */
export function warp(image: Uint8Array, { down, right }: Shifts, { channels, height, width }: ImageShape): void {
  const before = image.slice();
  const area = height * width;
  for (let pixel = 0; pixel < area; pixel++) {
    const y = Math.min(height - 1, Math.max(0, Math.floor(pixel / width) + (down[pixel] ?? 0)));
    const x = Math.min(width - 1, Math.max(0, (pixel % width) + (right[pixel] ?? 0)));
    const [top, left] = [Math.min(Math.floor(y), height - 2), Math.min(Math.floor(x), width - 2)];
    const [low, far] = [y - top, x - left];
    for (let channel = 0; channel < channels; channel++) {
      const at = channel * area + top * width + left;
      const upper = (1 - far) * (before[at] ?? 0) + far * (before[at + 1] ?? 0);
      const lower = (1 - far) * (before[at + width] ?? 0) + far * (before[at + width + 1] ?? 0);
      image[channel * area + pixel] = toPixel((1 - low) * upper + low * lower);
    }
  }
}
