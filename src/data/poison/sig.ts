/**
 * SIG: vertical stripes, a sine along the columns.
 *
 *   x[c, h, w] ← clip(x[c, h, w] + δ sin(2π w f / W), 0, 255)
 *
 * Symbols    δ amplitude in pixel values · f periods over the width · W width
 * Source     Barni, Kallas and Tondi 2019, arXiv:1902.11237, equation (1)
 * Reference  SCLBD/BackdoorBench config/attack/sig/default.yaml: δ = 40, f = 6, all-to-one
 * Differs    all-to-one as BackdoorBench's default, where the source poisons the target class only; rounded to the nearest instead of down
 */
import { defineAttack, toPixel } from "./attack.ts";

interface SigOptions {
  /** δ. */
  readonly delta: number;
  /** f. */
  readonly frequency: number;
}

const source = "BackdoorBench config/attack/sig/default.yaml";

export const sig = defineAttack<SigOptions>({
  name: "sig",
  title: "SIG",
  description: "vertical stripes: a sine over the image's width, added to every row",
  source: "Barni et al. 2019, arXiv:1902.11237",
  options: {
    delta: { type: "number", default: 40, min: 0, max: 255, description: "amplitude in pixel values", source },
    frequency: {
      type: "number",
      default: 6,
      min: 0,
      description: "periods of the sine over the image's width",
      source,
    },
  },
  trigger({ options: { delta, frequency }, shape: { width } }) {
    const stripes = Float64Array.from(
      { length: width },
      (_, column) => delta * Math.sin((2 * Math.PI * column * frequency) / width),
    );
    return (image) => {
      image.forEach((value, i) => (image[i] = toPixel(value + (stripes[i % width] ?? 0))));
    };
  },
});
