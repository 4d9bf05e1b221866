/** A transfer to other data as a job. */
import type { TransferConfig } from "../../record/index.ts";
import { transferStage } from "../../stages/transfer/transfer.ts";
import { imagesOf, runJob, type StageJob } from "./stage-job.ts";

export function transferJob(title: string, from: StageJob, config: Omit<TransferConfig, "model">): StageJob {
  // A linear probe looks at each image once.
  const work = imagesOf(config, config.probe === "linear" ? 1 : config.recipe.epochs);
  const parts = { kind: "transfer", title, config, after: [from], train: from.train, data: config.data, work } as const;
  return runJob(parts, (path, folderOf, context) => transferStage({ ...config, model: folderOf(from) }, path, context));
}
