/** A stage as a job: named by the hash of its settings, of what it comes after and of the code. */
import type { DataConfig, TrainConfig } from "../../record/index.ts";
import { pluginsInKey } from "../../plugins/index.ts";
import { startOrResume } from "../../stages/resume.ts";
import type { StageContext } from "../../stages/stage.ts";
import { jsonHash } from "../../util/hash.ts";
import { codeVersion } from "../code-version.ts";
import type { Job } from "../job.ts";

export interface StageJob extends Job {
  readonly kind: "poison" | "train" | "prune" | "detect" | "forget" | "evaluate" | "transfer";
  /** How the original was trained. */
  readonly train: TrainConfig;
  /** What its run is of, before it is poisoned; absent where that is what the run before it is of. */
  readonly data?: DataConfig;
  /** About how many images it trains on, one after another, counting an image that is only predicted as a third. */
  readonly work: number;
}

/** What a data set without a given number of images is taken to have, for `work` alone. */
const usualImages = 50_000;
/** Of methods without an option for them, for `work` alone. */
const usualEpochs = 5;

export interface RunParts extends Omit<StageJob, "key" | "perform" | "after"> {
  readonly config: object;
  readonly after: readonly StageJob[];
}

/** A job that makes a run with `start`, or resumes what an earlier attempt has left of it. */
export function runJob(
  { config, ...parts }: RunParts,
  start: (path: string, folderOf: (job: Job) => string, context: StageContext) => Promise<unknown>,
): StageJob {
  return {
    ...parts,
    key: keyOf(parts.kind, config, parts.after),
    perform: (path, folderOf, context) => startOrResume(path, (starting) => start(path, folderOf, starting), context),
  };
}

/** Where the data are changes nothing: what they are is checked by their hash. */
export function keyOf(kind: string, settings: object, after: readonly Job[]): string {
  const { data, ...others } = settings as { readonly data?: Partial<DataConfig> };
  const { folder: _, ...what } = data ?? {};
  const hash = jsonHash({
    kind,
    settings: { ...others, data: what },
    after: after.map(({ key }) => key),
    code: codeVersion(),
    ...pluginsInKey(settings),
  });
  return `${kind}-${hash.slice(0, 20)}`;
}

/** Images that so many epochs on the data go through. */
export function imagesOf({ data }: { readonly data: DataConfig }, epochs: number): number {
  return epochs * (data.numTrain ?? usualImages);
}

/** Epochs of a method with these options. */
export function epochsOf(options: Readonly<Record<string, unknown>>): number {
  return typeof options["epochs"] === "number" ? options["epochs"] : usualEpochs;
}
