/** An evaluation as a job. */
import { join } from "node:path";
import type { EvaluateConfig } from "../../record/index.ts";
import { evaluateStage } from "../../stages/evaluate.ts";
import { defined } from "../../util/defined.ts";
import { imagesOf, keyOf, type StageJob } from "./stage-job.ts";

export interface EvaluationParts extends Pick<EvaluateConfig, "data" | "device" | "engine" | "withSamples"> {
  /** The run that is evaluated. */
  readonly of: StageJob;
  /** The run whose split counts, where it is not that one. */
  readonly splitOf?: StageJob;
  /** Retrain on the same split, and its own evaluation. */
  readonly oracle?: { readonly run: StageJob; readonly evaluation: StageJob };
}

/** Its folder holds `evaluation.json`. */
export function evaluateJob(title: string, { of, splitOf, oracle, ...config }: EvaluationParts): StageJob {
  const after = [of, splitOf, oracle?.run, oracle?.evaluation].filter((job) => job !== undefined);
  const roles = { of: of.key, splitOf: splitOf?.key, oracle: oracle?.run.key };
  return {
    kind: "evaluate",
    key: keyOf("evaluate", { ...roles, ...config }, after),
    title,
    after,
    train: of.train,
    work: imagesOf(of.train, 1) / 3,
    perform: async (path, folderOf, context) => {
      const folders = defined({
        splitOf: splitOf && folderOf(splitOf),
        oracle: oracle && folderOf(oracle.run),
        oracleEvaluation: oracle && join(folderOf(oracle.evaluation), "evaluation.json"),
      });
      await evaluateStage({ ...config, ...folders, model: folderOf(of), out: path }, context);
    },
  };
}
