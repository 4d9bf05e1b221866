/** The training of an original as a job, on clean or on poisoned data. */
import type { TrainConfig } from "../../record/index.ts";
import { readPoison } from "../../stages/poison.ts";
import { trainStage } from "../../stages/train.ts";
import { imagesOf, runJob, type RunParts, type StageJob } from "./stage-job.ts";

export function trainJob(title: string, train: TrainConfig): StageJob {
  return runJob(partsOf(title, train, []), (path, _folderOf, context) => trainStage(train, path, context));
}

/** As `trainJob`, on the data that `poison` has poisoned. */
export function trojanedJob(title: string, poison: StageJob, train: TrainConfig): StageJob {
  return runJob(partsOf(title, train, [poison]), (path, folderOf, context) => {
    const settings = readPoison(folderOf(poison)).poison;
    return trainStage({ ...train, data: { ...train.data, poison: settings } }, path, context);
  });
}

function partsOf(title: string, train: TrainConfig, after: readonly StageJob[]): RunParts {
  const work = imagesOf(train, train.recipe.epochs);
  return { kind: "train", title, config: train, after, train, data: train.data, work };
}
