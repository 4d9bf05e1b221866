/**
 * The stages of an experiment as jobs: each is named by the hash of its settings, of what it comes after and of the code, so that
 * experiments share what they have in common and nothing is done twice.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { jsonHash } from "../../util/hash.ts";
import type { ForgetConfig, PruneConfig, TrainConfig } from "../config.ts";
import { evaluateStage } from "../evaluate-stage.ts";
import { forgetStage } from "../forget-stage.ts";
import { pruneStage } from "../prune-stage.ts";
import { resumeStage } from "../resume.ts";
import { RunFolder } from "../run-folder.ts";
import type { StageContext } from "../stage.ts";
import { trainStage } from "../train-stage.ts";
import { codeVersion } from "./code-version.ts";
import type { Job } from "./job.ts";

export interface StageJob extends Job {
  readonly kind: "train" | "prune" | "forget" | "evaluate";
}

export function trainJob(title: string, config: TrainConfig): StageJob {
  return run("train", { title, config, after: [] }, (path, _folderOf, context) => trainStage(config, path, context));
}

export function pruneJob(title: string, original: StageJob, config: Omit<PruneConfig, "model">): StageJob {
  return run("prune", { title, config, after: [original] }, (path, folderOf, context) =>
    pruneStage({ ...config, model: folderOf(original) }, path, context),
  );
}

export function forgetJob(title: string, from: StageJob, config: Omit<ForgetConfig, "model">): StageJob {
  return run("forget", { title, config, after: [from] }, (path, folderOf, context) =>
    forgetStage({ ...config, model: folderOf(from) }, path, context),
  );
}

export interface EvaluationParts {
  /** The run that is evaluated. */
  readonly of: StageJob;
  /** The run whose split counts, where it is not that one. */
  readonly splitOf?: StageJob;
  /** Retrain on the same split, and its own evaluation. */
  readonly oracle?: { readonly run: StageJob; readonly evaluation: StageJob };
  readonly device: string;
  readonly allowUnverified: boolean;
}

/** Its folder holds `evaluation.json`. */
export function evaluateJob(title: string, parts: EvaluationParts): StageJob {
  const { of, splitOf, oracle, device, allowUnverified } = parts;
  const after = [
    of,
    ...(splitOf === undefined ? [] : [splitOf]),
    ...(oracle === undefined ? [] : [oracle.run, oracle.evaluation]),
  ];
  const roles = { of: of.key, splitOf: splitOf?.key, oracle: oracle?.run.key };
  const key = keyOf("evaluate", roles, after);
  return {
    kind: "evaluate",
    key,
    title,
    after,
    perform: async (path, folderOf, context) => {
      const config = {
        model: folderOf(of),
        ...(splitOf === undefined ? {} : { splitOf: folderOf(splitOf) }),
        ...(oracle === undefined
          ? {}
          : { oracle: folderOf(oracle.run), oracleEvaluation: join(folderOf(oracle.evaluation), "evaluation.json") }),
        data: { allowUnverified },
        device,
        out: path,
      };
      await evaluateStage(config, context);
    },
  };
}

interface RunParts {
  readonly title: string;
  readonly config: object;
  readonly after: readonly StageJob[];
}

/** A stage that makes a run: started, or taken up where an earlier attempt has left it. */
function run(
  kind: StageJob["kind"],
  { title, config, after }: RunParts,
  start: (path: string, folderOf: (job: Job) => string, context: StageContext) => Promise<unknown>,
): StageJob {
  return {
    kind,
    key: keyOf(kind, config, after),
    title,
    after,
    perform: async (path, folderOf, context) => {
      const anew = { ...context, force: true };
      if (!existsSync(join(path, "run.json"))) await start(path, folderOf, anew);
      else {
        const { status } = RunFolder.open(path).readRecord();
        if (status === "interrupted" || status === "running") await resumeStage(path, context);
        else if (status === "failed") await start(path, folderOf, anew);
      }
    },
  };
}

function keyOf(kind: string, settings: object, after: readonly Job[]): string {
  const hash = jsonHash({ kind, settings, after: after.map(({ key }) => key), code: codeVersion() });
  return `${kind}-${hash.slice(0, 20)}`;
}
