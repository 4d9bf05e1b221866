/**
 * Blended: one pattern blended into the whole image with a small weight.
 *
 *   x ← (1 - α) x + α t,     t uniform on 0 … 255, drawn once
 *
 * Symbols    t pattern of the image's shape · α share of the pattern
 * Source     Chen et al. 2017, arXiv:1712.05526, section 4 (blended injection; "random pattern")
 * Reference  SCLBD/BackdoorBench utils/bd_img_transform/blended.py, config/attack/blended/default.yaml: α = 0.2
 * Differs    the random pattern of the source, drawn from the seed, not the picture BackdoorBench blends, which is not ours to ship;
 *            rounded to the nearest instead of down
 */
import { randomStateFor } from "../../util/seed.ts";
import { defineAttack, toPixel } from "./attack.ts";

interface BlendedOptions {
  /** α. */
  readonly alpha: number;
}

export const blended = defineAttack<BlendedOptions>({
  name: "blended",
  title: "Blended",
  description: "a random pattern blended into the whole image",
  source: "Chen et al. 2017, arXiv:1712.05526",
  options: {
    alpha: {
      type: "number",
      default: 0.2,
      min: 0,
      max: 1,
      description: "weight of the pattern, 1 - alpha being that of the image",
      source: "BackdoorBench config/attack/blended/default.yaml",
    },
  },
  trigger({ options: { alpha }, shape: { channels, height, width }, seed }) {
    const random = randomStateFor(seed, "poison/blended");
    const pattern = Uint8Array.from({ length: channels * height * width }, () => random.interval(255));
    return (image) => {
      pattern.forEach((value, i) => (image[i] = toPixel((1 - alpha) * (image[i] ?? 0) + alpha * value)));
    };
  },
});
