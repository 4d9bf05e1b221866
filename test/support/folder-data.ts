/** A small folder of images as data of a run: two classes, each image of one colour. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import type { TrainConfig } from "../../src/record/index.ts";
import { tinyTraining } from "./tiny-runs.ts";

/** A picture of 8x8 whose colour follows from `tone`. */
export async function drawImage(root: string, id: string, tone: number): Promise<void> {
  const path = join(root, id);
  mkdirSync(join(path, ".."), { recursive: true });
  const pixels = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => (tone * 37 + i * 11) % 256);
  await sharp(pixels, { raw: { width: 8, height: 8, channels: 3 } })
    .png()
    .toFile(path);
}

/** Twenty training and six test images of the classes a and b: ids `train/a/00.png` and so on. */
export async function drawFolder(root: string): Promise<string> {
  for (const [part, count, base] of [
    ["train", 10, 0],
    ["test", 3, 100],
  ] as const) {
    for (const [of, shift] of [
      ["a", 0],
      ["b", 50],
    ] as const) {
      for (let i = 0; i < count; i++) await drawImage(root, `${part}/${of}/0${i}.png`, base + shift + i);
    }
  }
  return root;
}

export function removeImage(root: string, id: string): void {
  rmSync(join(root, id));
}

/** A training on it. */
export function folderTraining(folder: string): TrainConfig {
  const data = { name: "folder", allowUnverified: false, folder, resolution: 8 };
  return { ...tinyTraining, data, recipe: { ...tinyTraining.recipe, batchSize: 8 } };
}
