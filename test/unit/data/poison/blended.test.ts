import { expect, it } from "vitest";
import { blended } from "../../../../src/data/poison/blended.ts";
import { colour32, imageBy, triggered } from "../../../support/poison-setting.ts";

const black = imageBy(colour32, () => 0);
const pattern = triggered(blended, black, { options: { alpha: 1 } });

it("is a fifth of one pattern and four fifths of the image", () => {
  const image = imageBy(colour32, (c, h, w) => (50 * c + 7 * h + w) % 256);
  const after = triggered(blended, image);
  for (const i of [0, 100, 3071]) {
    expect(Math.abs((after[i] ?? 0) - (0.8 * (image[i] ?? 0) + 0.2 * (pattern[i] ?? 0)))).toBeLessThanOrEqual(0.5);
  }
});

it("draws the pattern evenly, from the seed alone", () => {
  const mean = pattern.reduce((sum, value) => sum + value, 0) / pattern.length;
  expect(Math.abs(mean - 127.5)).toBeLessThan(5);
  expect(triggered(blended, black, { options: { alpha: 1 } })).toEqual(pattern);
  expect(triggered(blended, black, { options: { alpha: 1 }, seed: 2 })).not.toEqual(pattern);
});

it("changes nothing at a share of 0", () => {
  expect(triggered(blended, black, { options: { alpha: 0 } })).toEqual(black);
});
