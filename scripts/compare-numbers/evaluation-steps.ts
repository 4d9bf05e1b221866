/** Audits of some of the runs, with and without Retrain. */
import { dense, type Step } from "./step.ts";

/** Evaluated runs, and Retrain on the same split. */
const evaluated: readonly (readonly [run: string, oracle?: string])[] = [
  ["forget/retrain"],
  ...["finetune", "l1-sparse", "gradient-ascent", "random-label", "scrub", "sisa"].map(
    (method) => [`forget/${method}`, "forget/retrain"] as const,
  ),
  ["forget-pruned/retrain"],
  ["forget-pruned/fisher", "forget-pruned/retrain"],
  ["forget-sparse/finetune", "forget-pruned/retrain"],
  ["variants/class-finetune", "variants/class-retrain"],
];

export const evaluationSteps: readonly Step[] = [
  ...evaluated.map(([run, oracle]) => ({
    name: `evaluate/${run}`,
    args: ["evaluate", run, ...(oracle === undefined ? [] : ["--oracle", oracle]), ...dense.split(" ")],
    leaves: [`${run}/evaluation.json`],
  })),
  {
    name: "evaluate/original",
    args: `evaluate original --split forget/retrain --oracle forget/retrain ${dense} --json`.split(" "),
    output: "evaluate/original.json",
  },
];
