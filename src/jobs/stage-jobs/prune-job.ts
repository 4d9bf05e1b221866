/** Pruning as a job. */
import type { PruneConfig } from "../../record/index.ts";
import { pruneStage } from "../../stages/prune.ts";
import { imagesOf, runJob, type StageJob } from "./stage-job.ts";

export function pruneJob(title: string, original: StageJob, config: Omit<PruneConfig, "model">): StageJob {
  const { train } = original;
  const rounds = config.rate === undefined ? 1 : Math.ceil(Math.log(1 - config.sparsity) / Math.log(1 - config.rate));
  const epochs = config.epochs ?? train.recipe.epochs - train.rewindEpoch;
  const work = rounds * imagesOf(train, epochs);
  return runJob({ kind: "prune", title, config, after: [original], train, work }, (path, folderOf, context) =>
    pruneStage({ ...config, model: folderOf(original) }, path, context),
  );
}
