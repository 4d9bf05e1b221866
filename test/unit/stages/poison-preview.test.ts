import sharp from "sharp";
import { expect, it } from "vitest";
import { generateEmbedded } from "../../../src/data/embedded.ts";
import { poisonDataset, poisonTruth, resolvePoison } from "../../../src/data/poison/poison.ts";
import { makeBaseSplit } from "../../../src/data/split.ts";
import { poisonPreview } from "../../../src/stages/poison-preview.ts";

const clean = generateEmbedded({ numTrain: 60, numTest: 10 });
const split = { mode: "standard", validationFraction: 0, seed: 1 } as const;
const settings = resolvePoison(clean, { attack: "badnets", options: {}, target: 0, ratio: 0.2, seed: 1, split });
const { dataset } = poisonDataset(clean, settings);
const { poisoned } = poisonTruth(makeBaseSplit(clean, split).indices.train, settings);

/** Colour of a pixel of the decoded picture. */
type Look = (x: number, y: number) => number[];

async function decoded(indices: readonly number[]): Promise<{ width: number; height: number; at: Look }> {
  const { data, info } = await sharp(await poisonPreview(clean, dataset, indices))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const at: Look = (x, y) => [...data.subarray((y * width + x) * channels, (y * width + x) * channels + 3)];
  return { width, height, at };
}

/** The three colours of a pixel of a training image as it was. */
function cleanPixel(index: number, row: number, column: number): number[] {
  return [0, 1, 2].map((channel) => clean.train.images[((index * 3 + channel) * 32 + row) * 32 + column] ?? NaN);
}

const isTrigger = (row: number, column: number): boolean => row >= 26 && row <= 29 && column >= 26 && column <= 29;

it("shows images clean, with the black square in rows and columns 26 to 29, and where they differ", async () => {
  const indices = poisoned.slice(0, 3);
  const { width, height, at } = await decoded(indices);
  // Pixels enlarged four times, with 4 between images and around them.
  expect([width, height]).toEqual([4 + 3 * 132, 4 + 3 * 132]);
  const expected = (line: number, index: number, row: number, column: number): number[] => {
    const before = cleanPixel(index, row, column);
    if (line === 0) return before;
    if (line === 1) return isTrigger(row, column) ? [0, 0, 0] : before;
    return isTrigger(row, column) ? before.map((value) => Math.max(0, 128 - 4 * value)) : [128, 128, 128];
  };
  const wrong: string[] = [];
  for (const [place, index] of indices.entries())
    for (let line = 0; line < 3; line++)
      for (let y = 0; y < 128; y++)
        for (let x = 0; x < 128; x++) {
          const found = at(4 + place * 132 + x, 4 + line * 132 + y);
          const wanted = expected(line, index, Math.floor(y / 4), Math.floor(x / 4));
          if (found.join() !== wanted.join())
            wrong.push(`${place} ${line} ${x} ${y}: ${found.join()} for ${wanted.join()}`);
        }
  expect(wrong.slice(0, 3)).toEqual([]);
  for (const [x, y] of [
    [0, 0],
    [133, 50],
    [50, 133],
    [399, 399],
  ] as const)
    expect(at(x, y)).toEqual([0x9f, 0xb4, 0xc7]);
});

it("shows ten of more, spread evenly", async () => {
  expect(poisoned).toHaveLength(12);
  const { width, at } = await decoded(poisoned);
  expect(width).toBe(4 + 10 * 132);
  // The sixth of ten is at place floor(5 · 12 / 10) = 6.
  expect(at(4 + 5 * 132, 4)).toEqual(cleanPixel(poisoned[6] ?? NaN, 0, 0));
});
