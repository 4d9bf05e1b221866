/**
 * The stages of an experiment as jobs: each is named by the hash of its settings, of what it comes after and of the code, so that
 * experiments share what they have in common and nothing is done twice.
 */
import { join } from "node:path";
import { pluginsIn } from "../plugins/index.ts";
import { invariant } from "../util/errors.ts";
import { makeFolder, writeFileAtomic } from "../util/files.ts";
import { jsonHash } from "../util/hash.ts";
import { cleanseStage } from "../stages/cleanse.ts";
import type { DataConfig, ForgetConfig, PruneConfig, TrainConfig } from "../stages/config.ts";
import { type DetectConfig, detectStage } from "../stages/detect.ts";
import { type EvaluateConfig, evaluateStage } from "../stages/evaluate.ts";
import { forgetStage } from "../stages/forget.ts";
import { idList, type PoisonConfig, poisonStage, readPoison } from "../stages/poison.ts";
import { pruneStage } from "../stages/prune.ts";
import { startOrResume } from "../stages/resume.ts";
import type { StageContext } from "../stages/stage.ts";
import { type SuspectQuality, suspectsOf } from "../data/poison/suspects.ts";
import { trainStage } from "../stages/train.ts";
import type { TransferConfig } from "../stages/transfer/transfer-config.ts";
import { transferStage } from "../stages/transfer/transfer.ts";
import { codeVersion } from "./code-version.ts";
import type { Job } from "./job.ts";

export interface StageJob extends Job {
  readonly kind: "poison" | "train" | "prune" | "detect" | "forget" | "evaluate" | "transfer";
  /** How the original was trained. */
  readonly train: TrainConfig;
  /** What its run is of, before it is poisoned; absent where that is what the run before it is of. */
  readonly data?: DataConfig;
  /** About how many images it trains on, one after another, counting an image that is only predicted as a third. */
  readonly work: number;
}

/** Of a folder of poisoned data, and of a list made of them. */
const suspectsFile = "poisoned.csv";
/** What a data set without a given number of images is taken to have, for `work` alone. */
const usualImages = 50_000;
/** Of methods without an option for them, for `work` alone. */
const usualEpochs = 5;

export function trainJob(title: string, train: TrainConfig): StageJob {
  const parts = {
    kind: "train",
    title,
    config: train,
    after: [],
    train,
    data: train.data,
    work: images(train, train.recipe.epochs),
  } as const;
  return run(parts, (path, _folderOf, context) => trainStage(train, path, context));
}

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

/** As `trainJob`, on the data that `poison` has poisoned. */
export function trojanedJob(title: string, poison: StageJob, train: TrainConfig): StageJob {
  const work = images(train, train.recipe.epochs);
  const parts = { kind: "train", title, config: train, after: [poison], train, data: train.data, work } as const;
  return run(parts, (path, folderOf, context) => {
    const settings = readPoison(folderOf(poison)).poison;
    return trainStage({ ...train, data: { ...train.data, poison: settings } }, path, context);
  });
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

/** Of the folder of `detectJob`. */
export const detectedFile = "suspects.csv";

/** Looks for suspects among what a model was trained on, and lists them. */
export function detectJob(title: string, from: StageJob, config: Omit<DetectConfig, "model">): StageJob {
  const { train } = from;
  return {
    kind: "detect",
    key: keyOf("detect", config, [from]),
    title,
    after: [from],
    train,
    work: images(train, 1) / 3,
    perform: async (path, folderOf, context) => {
      makeFolder(path);
      await detectStage({ ...config, model: folderOf(from) }, join(path, detectedFile), { ...context, force: true });
    },
  };
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
  const epochs = typeof config.options.epochs === "number" ? config.options.epochs : usualEpochs;
  const { train } = from;
  const after = suspects === null ? [from] : [from, suspects];
  const parts = { kind: "forget", title, config, after, train, work: images(train, epochs) } as const;
  return run(parts, (path, folderOf, context) => {
    const request: ForgetConfig["request"] =
      suspects === null ? { kind: "none" } : { kind: "ids", file: join(folderOf(suspects), list) };
    return cleanseStage({ ...config, request, model: folderOf(from) }, path, context);
  });
}

export function pruneJob(title: string, original: StageJob, config: Omit<PruneConfig, "model">): StageJob {
  const { train } = original;
  const rounds = config.rate === undefined ? 1 : Math.ceil(Math.log(1 - config.sparsity) / Math.log(1 - config.rate));
  const epochs = config.epochs ?? train.recipe.epochs - train.rewindEpoch;
  const parts = {
    kind: "prune",
    title,
    config,
    after: [original],
    train,
    work: rounds * images(train, epochs),
  } as const;
  return run(parts, (path, folderOf, context) => pruneStage({ ...config, model: folderOf(original) }, path, context));
}

export function forgetJob(title: string, from: StageJob, config: Omit<ForgetConfig, "model">): StageJob {
  const { train } = from;
  const asked = typeof config.options.epochs === "number" ? config.options.epochs : usualEpochs;
  const epochs = config.method === "retrain" ? train.recipe.epochs : asked;
  const parts = { kind: "forget", title, config, after: [from], train, work: images(train, epochs) } as const;
  return run(parts, (path, folderOf, context) => forgetStage({ ...config, model: folderOf(from) }, path, context));
}

export function transferJob(title: string, from: StageJob, config: Omit<TransferConfig, "model">): StageJob {
  // A linear probe looks at each image once.
  const epochs = config.probe === "linear" ? 1 : config.recipe.epochs;
  const parts = {
    kind: "transfer",
    title,
    config,
    after: [from],
    train: from.train,
    data: config.data,
    work: images(config, epochs),
  } as const;
  return run(parts, (path, folderOf, context) => transferStage({ ...config, model: folderOf(from) }, path, context));
}

function images({ data }: { readonly data: DataConfig }, epochs: number): number {
  return epochs * (data.numTrain ?? usualImages);
}

export interface EvaluationParts extends Pick<EvaluateConfig, "data" | "device" | "engine"> {
  /** The run that is evaluated. */
  readonly of: StageJob;
  /** The run whose split counts, where it is not that one. */
  readonly splitOf?: StageJob;
  /** Retrain on the same split, and its own evaluation. */
  readonly oracle?: { readonly run: StageJob; readonly evaluation: StageJob };
}

/** Its folder holds `evaluation.json`. */
export function evaluateJob(title: string, { of, splitOf, oracle, ...config }: EvaluationParts): StageJob {
  const after = [
    of,
    ...(splitOf === undefined ? [] : [splitOf]),
    ...(oracle === undefined ? [] : [oracle.run, oracle.evaluation]),
  ];
  const roles = { of: of.key, splitOf: splitOf?.key, oracle: oracle?.run.key };
  return {
    kind: "evaluate",
    key: keyOf("evaluate", { ...roles, ...config }, after),
    title,
    after,
    train: of.train,
    work: images(of.train, 1) / 3,
    perform: async (path, folderOf, context) => {
      const folders = {
        model: folderOf(of),
        ...(splitOf === undefined ? {} : { splitOf: folderOf(splitOf) }),
        ...(oracle === undefined
          ? {}
          : { oracle: folderOf(oracle.run), oracleEvaluation: join(folderOf(oracle.evaluation), "evaluation.json") }),
      };
      await evaluateStage({ ...config, ...folders, out: path }, context);
    },
  };
}

interface RunParts extends Omit<StageJob, "key" | "perform" | "after"> {
  readonly config: object;
  readonly after: readonly StageJob[];
}

/** A stage that makes a run: started, or taken up where an earlier attempt has left it. */
function run(
  { config, ...parts }: RunParts,
  start: (path: string, folderOf: (job: Job) => string, context: StageContext) => Promise<unknown>,
): StageJob {
  return {
    ...parts,
    key: keyOf(parts.kind, config, parts.after),
    perform: (path, folderOf, context) => startOrResume(path, (anew) => start(path, folderOf, anew), context),
  };
}

/** Where the data are changes nothing: what they are is checked by their hash. */
function keyOf(kind: string, settings: object, after: readonly Job[]): string {
  const { data, ...others } = settings as { readonly data?: Partial<DataConfig> };
  const { folder: _, ...what } = data ?? {};
  const plugins = pluginsIn(settings).map(({ path: _path, ...plugin }) => plugin);
  const hash = jsonHash({
    kind,
    settings: { ...others, data: what },
    after: after.map(({ key }) => key),
    code: codeVersion(),
    ...(plugins.length === 0 ? {} : { plugins }),
  });
  return `${kind}-${hash.slice(0, 20)}`;
}
