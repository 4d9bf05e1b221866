/** What makes lists of suspects as jobs: the truth of a poisoning, a worse list made of it, and a detector's. */
import { join } from "node:path";
import { type SuspectQuality, suspectsOf } from "../../data/poison/suspects.ts";
import type { DetectConfig, PoisonConfig, TrainConfig } from "../../record/index.ts";
import { detectStage } from "../../stages/detect.ts";
import { idList, poisonStage, readPoison } from "../../stages/poison.ts";
import { invariant } from "../../util/errors.ts";
import { makeFolder, writeFileAtomic } from "../../util/files.ts";
import { imagesOf, keyOf, type StageJob } from "./stage-job.ts";

/** Of a folder of poisoned data, and of a list made of them. */
export const suspectsFile = "poisoned.csv";
/** Of the folder of `detectJob`. */
export const detectedFile = "suspects.csv";

/** How a data set is poisoned, and which of its records are. */
export function poisonJob(title: string, config: PoisonConfig, train: TrainConfig): StageJob {
  return {
    kind: "poison",
    key: keyOf("poison", config, []),
    title,
    after: [],
    train,
    work: 0,
    perform: async (path, _folderOf, context) => {
      await poisonStage(config, path, { ...context, force: true });
    },
  };
}

/** A list of suspects that is worse than the truth. */
export function suspectsJob(title: string, poison: StageJob, quality: SuspectQuality): StageJob {
  const { train } = poison;
  return {
    kind: "poison",
    key: keyOf("suspects", quality, [poison]),
    title,
    after: [poison],
    train,
    work: 0,
    perform: async (path, folderOf, context) => {
      const settings = readPoison(folderOf(poison)).poison;
      const { data, device } = train;
      const { dataset, split } = await context.data.load({ ...data, poison: settings }, device, context.log);
      invariant(split, "poisoned data come with their split");
      const suspects = suspectsOf(split.indices.train, settings, quality);
      makeFolder(path);
      writeFileAtomic(join(path, suspectsFile), idList(suspects.map((index) => dataset.train.ids(index))));
    },
  };
}

/** Looks for suspects among what a model was trained on, and lists them. */
export function detectJob(title: string, from: StageJob, config: Omit<DetectConfig, "model">): StageJob {
  const { train } = from;
  return {
    kind: "detect",
    key: keyOf("detect", config, [from]),
    title,
    after: [from],
    train,
    work: imagesOf(train, 1) / 3,
    perform: async (path, folderOf, context) => {
      makeFolder(path);
      await detectStage({ ...config, model: folderOf(from) }, join(path, detectedFile), { ...context, force: true });
    },
  };
}
