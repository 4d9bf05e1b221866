/** What was given from elsewhere, a run or a file, as jobs that copy it: the folder of jobs then holds all that its results come from. */
import { copyFileSync, cpSync } from "node:fs";
import { basename, join } from "node:path";
import { hashFileSync, jsonHash } from "../../util/hash.ts";
import { makeFolder } from "../../util/files.ts";
import { LOCK_NAME } from "../../util/lock.ts";
import { originalConfig } from "../../stages/recorded-settings.ts";
import { RunFolder } from "../../stages/run-folder.ts";
import type { StageJob } from "./stage-job.ts";

/** @throws CoppiceError E_CHECKPOINT when `path` is no finished run */
export function givenRunJob(path: string, kind: "train" | "prune", title: string): StageJob {
  const record = RunFolder.open(path).requireFinished();
  const { result, split, config } = record;
  return {
    kind,
    key: `source-${jsonHash({ weights: result.modelSha256, split: split.hash, config }).slice(0, 20)}`,
    title,
    after: [],
    train: originalConfig(record),
    work: 0,
    perform: async (copy) => cpSync(path, copy, { recursive: true, filter: (file) => basename(file) !== LOCK_NAME }),
  };
}

/** The file keeps its name. @param model whose records it lists */
export function givenListJob(file: string, model: StageJob): StageJob {
  return {
    kind: "poison",
    key: `list-${jsonHash({ name: basename(file), contents: hashFileSync(file) }).slice(0, 20)}`,
    title: `suspects of ${basename(file)}`,
    after: [],
    train: model.train,
    work: 0,
    perform: async (folder) => {
      makeFolder(folder);
      copyFileSync(file, join(folder, basename(file)));
    },
  };
}
