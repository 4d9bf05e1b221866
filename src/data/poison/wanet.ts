/**
 * WaNet: the whole image warped by less than a pixel, along one smooth field of shifts. Decoys, warped at random as well, keep their label.
 *
 *   x ← x ∘ (id + s · up(P) / H),     P uniform on [-1, 1], [2, k, k], divided by its mean size;   decoys: further shifts of U(-1, 1) / H
 *
 * Symbols    s strength · k points of the coarse field · H height; coordinates run from -1 to 1 over the image · ρ decoys a poisoned image
 * Source     Nguyen and Tran, ICLR 2021, arXiv:2102.10369, section 3
 * Reference  SCLBD/BackdoorBench attack/wanet.py, config/attack/wanet/default.yaml: s = 0.5, k = 4, ρ = 2, grid_rescale 1
 * Differs    the poisoned images and decoys are drawn once and stored; there, each batch draws its own from among its images
 */
import { randomStateFor } from "../../util/seed.ts";
import { defineAttack, type TriggerSetting } from "./attack.ts";
import { bicubic, type Shifts, warp } from "./warp.ts";

interface WanetOptions {
  /** s. */
  readonly strength: number;
  /** k. */
  readonly points: number;
  /** ρ. */
  readonly decoys: number;
}

const source = "BackdoorBench config/attack/wanet/default.yaml";

export const wanet = defineAttack<WanetOptions>({
  name: "wanet",
  title: "WaNet",
  description: "the image warped by a smooth random field; decoys are warped at random and keep their label",
  source: "Nguyen and Tran, ICLR 2021, arXiv:2102.10369",
  options: {
    strength: { type: "number", default: 0.5, min: 0, max: 1000, description: "strength of the warp", source },
    points: {
      type: "integer",
      default: 4,
      min: 2,
      max: 1024,
      description: "control points of the field along each axis",
      source,
    },
    decoys: { type: "number", default: 2, min: 0, max: 1000, description: "decoys for each poisoned image", source },
  },
  trigger(setting) {
    const shifts = smoothShifts(setting);
    return (image) => warp(image, shifts, setting.shape);
  },
  decoys: {
    perPoisoned: ({ decoys }) => decoys,
    change(setting) {
      const { shape, seed } = setting;
      const { down, right } = smoothShifts(setting);
      return (image, index) => {
        const random = randomStateFor(seed, `poison/wanet/decoy/${index}`);
        const withNoise = (shifts: Float64Array, extent: number): Float64Array =>
          shifts.map((shift) => shift + inPixels((2 * random.randomSample() - 1) / shape.height, extent));
        warp(image, { right: withNoise(right, shape.width), down: withNoise(down, shape.height) }, shape);
      };
    },
  },
});

function smoothShifts({ options: { strength, points }, shape, seed }: TriggerSetting<WanetOptions>): Shifts {
  const random = randomStateFor(seed, "poison/wanet/field");
  const area = points * points;
  const field = Float64Array.from({ length: 2 * area }, () => 2 * random.randomSample() - 1);
  const meanSize = field.reduce((sum, value) => sum + Math.abs(value), 0) / field.length;
  const along = (axis: number, extent: number): Float64Array =>
    bicubic(field.subarray(axis * area, (axis + 1) * area), points, shape).map((value) =>
      inPixels((strength * value) / meanSize / shape.height, extent),
    );
  return { right: along(0, shape.width), down: along(1, shape.height) };
}

/** From coordinates that run from -1 to 1 over `extent` pixels, first to last. */
function inPixels(shift: number, extent: number): number {
  return (shift * (extent - 1)) / 2;
}
