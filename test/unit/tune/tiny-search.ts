/** A search on a few pictures: an original of one epoch, with images held out, and what a search of it is asked to do. */
import { join } from "node:path";
import { quietContext, trainStage } from "../../../src/stages/index.ts";
import type { TuneConfig } from "../../../src/tune/config.ts";
import "../../support/one-thread.ts";

/** Trains the original into `folder`. @param validationFraction share of its six images of a class that is held out */
export async function tinySearch(folder: string, validationFraction = 0.34): Promise<TuneConfig> {
  const model = join(folder, "original");
  const recipe = {
    epochs: 1,
    batchSize: 20,
    optimizer: "sgd",
    lr: 0.05,
    momentum: 0.9,
    weightDecay: 5e-4,
    nesterov: false,
    schedule: "constant",
    milestones: [],
    warmupEpochs: 0,
    augment: false,
  } as const;
  await trainStage(
    {
      data: { name: "embedded", allowUnverified: false, numTrain: 60, numTest: 10 },
      split: { mode: "standard", validationFraction },
      arch: "resnet20s",
      stem: "cifar",
      recipe: { ...recipe, milestones: [] },
      rewindEpoch: 0,
      seed: 1,
      device: "cpu",
    },
    model,
    quietContext(),
  );
  return {
    model,
    request: { kind: "class", classes: [3] },
    method: "finetune",
    options: { epochs: 1 },
    search: "lr=1e-3:1e-1:log",
    trials: 1,
    withhold: 0.2,
    batchSize: 20,
    data: { allowUnverified: false },
    seed: 1,
    engine: "dense",
    device: "cpu",
  };
}
