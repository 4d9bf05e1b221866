import { expect, it } from "vitest";
import { blankImage, MOST_PIXELS } from "../../../../src/data/image-folder/raw-image.ts";

it("has three bytes a pixel", () => {
  expect(blankImage(2, 3)).toEqual({ width: 2, height: 3, rgb: new Uint8Array(18) });
});

it.each([
  [0, 5],
  [5, 0],
  [-1, -5],
  [MOST_PIXELS, 2],
])("refuses %ix%i before it takes memory", (width, height) => {
  expect(() => blankImage(width, height)).toThrow(`a size of ${width}x${height}`);
});
