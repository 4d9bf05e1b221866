import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import type { EvaluateConfig, EvaluationRecord } from "../../../src/record/index.ts";
import { evaluateStage, forgetStage, quietContext, reportRecords, trainStage } from "../../../src/stages/index.ts";
import { drawFolder, folderTraining, removeImage } from "../../support/folder-data.ts";
import { rejectionOf } from "../../support/rejection.ts";
import { folderOfRuns, tinyForgetting } from "../../support/tiny-runs.ts";

const runs = folderOfRuns();
const at = (name: string): string => join(runs, name);
const ids = ["train/a/00.png", "train/b/01.png"];
const said: string[] = [];
const evaluate = (model: string, changes: Partial<EvaluateConfig> = {}): Promise<EvaluationRecord> =>
  evaluateStage(
    { model: at(model), data: { allowUnverified: false }, device: "cpu", engine: "dense", ...changes },
    quietContext({ log: (line) => said.push(line) }),
  );
let whole: EvaluationRecord;

beforeAll(async () => {
  const data = at("data");
  await drawFolder(data);
  const training = folderTraining(data);
  await trainStage(
    { ...training, split: { ...training.split, validationFraction: 0 } },
    at("original"),
    quietContext(),
  );
  writeFileSync(at("ids.csv"), `id\n${ids.join("\n")}\n`);
  const config = {
    ...tinyForgetting(at("original")),
    request: { kind: "ids", file: at("ids.csv") },
    batchSize: 8,
  } as const;
  await forgetStage(config, at("forgotten"), quietContext());
  await forgetStage({ ...config, method: "retrain", options: {} }, at("retrain"), quietContext());
  cpSync(at("forgotten"), at("alone"), { recursive: true });
  whole = await evaluate("forgotten", { oracle: at("retrain"), withSamples: true });
  await evaluate("alone");
  removeImage(data, ids[0] ?? "");
});

it("is kept where some of its images are gone since, without samples that are not asked for", async () => {
  const kept = await evaluate("forgotten", { oracle: at("retrain") });
  expect(kept.metrics).toEqual(whole.metrics);
  expect([kept.oracle, kept.disparityAverage]).toEqual([whole.oracle, whole.disparityAverage]);
  expect([whole.samples.length, kept.samples]).toEqual([2, []]);
  expect(reportRecords(at("forgotten")).evaluation).toEqual(kept);
  expect(said).toContain(
    "note: of the 2 images to forget 1 are gone: the evaluation that was made of all of them is kept",
  );
  expect((await evaluate("forgotten")).oracle).toEqual(whole.oracle);
});

it("is not compared with a Retrain that was scored on other images", async () => {
  const error = await rejectionOf(evaluate("alone", { oracle: at("retrain") }));
  expect(error).toMatchObject({
    code: "E_CONFIG",
    message: `${at("alone")}: expected the 2 images to forget that its evaluation was made of, got 1`,
  });
  await evaluate("retrain", { out: at("of-one") });
  const apart = await evaluate("alone", { oracle: at("retrain"), out: at("apart") });
  expect([apart.metrics.UA?.count, apart.oracle?.metrics.UA.count, apart.before?.metrics.UA.count]).toEqual([1, 1, 1]);
});

it("stays with its comparison where all are gone and Retrain was never evaluated by itself", async () => {
  removeImage(at("data"), ids[1] ?? "");
  rmSync(join(at("retrain"), "evaluation.json"), { force: true });
  const kept = await evaluate("forgotten", { oracle: at("retrain") });
  expect([kept.oracle, kept.disparityAverage, kept.metrics]).toEqual([
    whole.oracle,
    whole.disparityAverage,
    whole.metrics,
  ]);
});
