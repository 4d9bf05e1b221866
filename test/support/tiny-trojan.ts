/** A tiny original with a backdoor: a quarter of its training images carry the trigger. */
import { poisonTruth, resolvePoison } from "../../src/data/poison/index.ts";
import { loadDataset } from "../../src/data/registry.ts";
import type { PoisonSettings } from "../../src/record/index.ts";
import { RunFolder } from "../../src/stages/index.ts";
import { tinyData, tinyTraining, trainTiny } from "./tiny-runs.ts";

/** How the images are poisoned: as `coppice poison` would say it. */
export async function tinyPoison(): Promise<PoisonSettings> {
  const { numTrain, numTest, classes } = tinyData;
  const clean = await loadDataset("embedded", { numTrain, numTest, classes });
  const split = { ...tinyTraining.split, seed: tinyTraining.seed };
  return resolvePoison(clean, { attack: "badnets", options: {}, target: 1, ratio: 0.25, seed: 1, split });
}

/** Trains it in `path`. */
export async function trainTrojaned(path: string): Promise<string> {
  return await trainTiny(path, { data: { ...tinyData, poison: await tinyPoison() } });
}

/** Indices of the poisoned images of such a run, ascending. */
export async function poisonedOf(path: string): Promise<readonly number[]> {
  return poisonTruth(RunFolder.open(path).readSplit().indices.train, await tinyPoison()).poisoned;
}
