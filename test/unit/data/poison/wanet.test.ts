import { expect, it } from "vitest";
import { attackOptions } from "../../../../src/data/poison/attack.ts";
import { wanet } from "../../../../src/data/poison/wanet.ts";
import { colour32, imageBy, triggered } from "../../../support/poison-setting.ts";

// 6 a pixel to the right: what a pixel becomes says where it is from.
const slope = imageBy(colour32, (_c, _h, w) => 6 * w);

it("shifts by less than a pixel, smoothly, and the same for every image", () => {
  const after = triggered(wanet, slope);
  const shifts = Array.from(after, (value, i) => (value - (slope[i] ?? 0)) / 6);
  expect(Math.max(...shifts.map(Math.abs))).toBeGreaterThan(0.1);
  expect(Math.max(...shifts.map(Math.abs))).toBeLessThan(1);
  const jumps = shifts.map((shift, i) => (i % 32 === 0 ? 0 : Math.abs(shift - (shifts[i - 1] ?? 0))));
  expect(Math.max(...jumps)).toBeLessThan(0.4);
  expect(triggered(wanet, slope)).toEqual(after);
});

it("does nothing at strength 0", () => {
  expect(triggered(wanet, slope, { options: { strength: 0 } })).toEqual(slope);
});

it("shakes decoys otherwise, each in its own way", () => {
  const change = wanet.decoys?.change({ options: attackOptions(wanet, {}), shape: colour32, seed: 1 });
  const decoys = [1, 2].map((index) => {
    const image = slope.slice();
    change?.(image, index);
    return image;
  });
  expect(wanet.decoys?.perPoisoned(attackOptions(wanet, {}))).toBe(2);
  expect(decoys[0]).not.toEqual(decoys[1]);
  expect(decoys[0]).not.toEqual(triggered(wanet, slope));
  const distance = Array.from(decoys[0] ?? [], (value, i) => Math.abs(value - (slope[i] ?? 0)) / 6);
  expect(Math.max(...distance)).toBeLessThan(1.5);
});
