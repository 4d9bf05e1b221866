/** Forgetting as a job: what a request names, or what a list suspects. */
import { join } from "node:path";
import type { ForgetConfig } from "../../record/index.ts";
import { cleanseStage } from "../../stages/cleanse.ts";
import { forgetStage } from "../../stages/forget.ts";
import { epochsOf, imagesOf, runJob, type StageJob } from "./stage-job.ts";
import { suspectsFile } from "./suspect-jobs.ts";

export function forgetJob(title: string, from: StageJob, config: Omit<ForgetConfig, "model">): StageJob {
  const { train } = from;
  const epochs = config.method === "retrain" ? train.recipe.epochs : epochsOf(config.options);
  const parts = { kind: "forget", title, config, after: [from], train, work: imagesOf(train, epochs) } as const;
  return runJob(parts, (path, folderOf, context) => forgetStage({ ...config, model: folderOf(from) }, path, context));
}

/**
 * Forgets the records in a list of suspects, and measures the backdoor before and after.
 * @param suspects null where the method reads no records
 * @param list the file of that name in the folder of `suspects`; default that of `poisonJob` and `suspectsJob`
 */
export function cleanseJob(
  title: string,
  {
    from,
    suspects,
    list = suspectsFile,
  }: { readonly from: StageJob; readonly suspects: StageJob | null; readonly list?: string },
  config: Omit<ForgetConfig, "model" | "request">,
): StageJob {
  const { train } = from;
  const after = suspects === null ? [from] : [from, suspects];
  const work = imagesOf(train, epochsOf(config.options));
  return runJob({ kind: "forget", title, config, after, train, work }, (path, folderOf, context) => {
    const request: ForgetConfig["request"] =
      suspects === null ? { kind: "none" } : { kind: "ids", file: join(folderOf(suspects), list) };
    return cleanseStage({ ...config, request, model: folderOf(from) }, path, context);
  });
}
