import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { evaluateJob, type EvaluationParts, forgetJob, trainJob } from "../../../../src/jobs/stage-jobs/index.ts";
import type { EvaluationRecord } from "../../../../src/record/index.ts";
import { quietContext } from "../../../../src/stages/index.ts";
import { doJobs, expectDistinct, shortTraining } from "../../../support/tiny-jobs.ts";
import { tinyForgetting } from "../../../support/tiny-runs.ts";

const { model: _, ...config } = tinyForgetting("");
const original = trainJob("original", shortTraining);
const finetune = forgetJob("finetune", original, config);
const retrain = forgetJob("retrain", original, { ...config, method: "retrain", options: {} });
const files = { data: { allowUnverified: false }, device: "cpu", engine: "dense" } as const;
const evaluate = (parts: Partial<EvaluationParts> = {}): ReturnType<typeof evaluateJob> =>
  evaluateJob("evaluation", { of: finetune, ...files, ...parts });
const oracle = { run: retrain, evaluation: evaluate({ of: retrain }) };

describe("an evaluation as a job", () => {
  it("is told apart by what is evaluated, on whose split, against which Retrain", () => {
    expectDistinct(evaluate(), [
      evaluate({ of: retrain }),
      evaluate({ oracle }),
      evaluate({ of: original, splitOf: finetune }),
      evaluate({ of: original, splitOf: retrain }),
      evaluate({ engine: "auto" }),
      evaluate({ device: "cuda" }),
    ]);
    expect(evaluate({ data: { allowUnverified: false, folder: "/elsewhere" } }).key).toBe(evaluate().key);
  });

  it("comes after all that it reads", () => {
    expect(evaluate().after).toEqual([finetune]);
    expect(evaluate({ oracle }).after).toEqual([finetune, retrain, oracle.evaluation]);
    expect(evaluate({ of: original, splitOf: finetune }).after).toEqual([original, finetune]);
    expect(evaluate()).toMatchObject({ kind: "evaluate", train: shortTraining, work: 40 / 3 });
  });

  it("leaves its record in its folder and none beside the run, and does not score Retrain again", async () => {
    const [compared, split] = [evaluate({ oracle }), evaluate({ of: original, splitOf: finetune })];
    const said: string[] = [];
    const store = await doJobs(
      [compared, split],
      undefined,
      quietContext({ log: (message) => void said.push(message) }),
    );
    const recordOf = ({ key }: { readonly key: string }): EvaluationRecord =>
      JSON.parse(readFileSync(join(store.folderOf(key), "evaluation.json"), "utf8")) as EvaluationRecord;
    expect(readdirSync(store.folderOf(compared.key)).toSorted()).toEqual(["evaluation.json", "job.json"]);
    expect(readdirSync(store.folderOf(finetune.key))).not.toContain("evaluation.json");
    const { run, oracle: known, metrics } = recordOf(compared);
    expect([run.name, known?.name]).toEqual([finetune.key, retrain.key]);
    expect(known?.metrics.TA.value).toBe(recordOf(oracle.evaluation).metrics.TA.value);
    expect(metrics.TA.signedGap).toBeCloseTo(metrics.TA.value - (known?.metrics.TA.value ?? NaN), 12);
    expect(said.filter((message) => message.startsWith("evaluating the oracle"))).toEqual([]);
    expect(recordOf(split)).toMatchObject({
      run: { name: original.key },
      split: { hash: recordOf(compared).split.hash },
    });
  });
});
