import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, expect, it } from "vitest";
import type { EvaluateConfig, EvaluationRecord } from "../../../src/record/index.ts";
import { evaluateStage, forgetStage, quietContext, RunFolder, trainStage } from "../../../src/stages/index.ts";
import { drawFolder, folderTraining, removeImage } from "../../support/folder-data.ts";
import { folderOfRuns, tinyForgetting } from "../../support/tiny-runs.ts";

const runs = folderOfRuns();
const at = (name: string): string => join(runs, name);
const [data, whole] = [at("data"), at("whole")];
const ids = ["train/a/00.png", "train/b/01.png"];
const said: string[] = [];
let evaluated: EvaluationRecord;

const evaluate = (model: string, changes: Partial<EvaluateConfig> = {}): Promise<EvaluationRecord> =>
  evaluateStage(
    {
      model: at(model),
      data: { allowUnverified: false },
      device: "cpu",
      engine: "dense",
      withSamples: true,
      ...changes,
    },
    quietContext({ log: (line) => said.push(line) }),
  );

beforeAll(async () => {
  await drawFolder(whole);
  cpSync(whole, data, { recursive: true });
  const training = folderTraining(data);
  const split = { ...training.split, validationFraction: 0 };
  await trainStage({ ...training, split }, at("original"), quietContext());
  writeFileSync(at("ids.csv"), `id\n${ids.join("\n")}\n`);
  const config = {
    ...tinyForgetting(at("original")),
    request: { kind: "ids", file: at("ids.csv") },
    batchSize: 8,
  } as const;
  await forgetStage(config, at("forgotten"), quietContext());
  await forgetStage({ ...config, method: "retrain", options: {} }, at("retrain"), quietContext());
  cpSync(at("forgotten"), at("never"), { recursive: true });
  await evaluate("retrain");
  evaluated = await evaluate("forgotten", { oracle: at("retrain") });
});
beforeEach(() => {
  rmSync(data, { recursive: true });
  cpSync(whole, data, { recursive: true });
  said.length = 0;
});

it("measures what can be measured still where all images to forget are gone, and says so", async () => {
  for (const id of ids) removeImage(data, id);
  const record = await evaluate("never", { oracle: at("retrain") });
  const { RA, TA } = evaluated.metrics;
  const bare = ({ value, count }: typeof RA): object => ({ value, count });
  expect([record.metrics.RA, record.metrics.TA]).toMatchObject([bare(RA), bare(TA)]);
  expect(Object.keys(record.metrics)).toEqual(["RA", "TA", "RTE"]);
  expect([record.oracle, record.before, record.disparityAverage, record.samples]).toEqual([
    undefined,
    undefined,
    undefined,
    [],
  ]);
  const note =
    "The images to forget are gone, and these weights were not evaluated before: UA and MIA cannot be measured any more.";
  expect(record.notes).toContain(note);
  expect(said).toContain(`note: ${note}`);
});

it("keeps what an earlier evaluation of the same weights has measured of them, with and without the original", async () => {
  for (const id of ids) removeImage(data, id);
  const copy = (model: string): void => cpSync(at("forgotten"), at(model), { recursive: true });
  copy("again");
  const record = await evaluate("again", { oracle: at("retrain") });
  expect(record.metrics).toEqual(evaluated.metrics);
  expect([record.oracle, record.disparityAverage, record.before, record.verdict]).toEqual([
    evaluated.oracle,
    evaluated.disparityAverage,
    evaluated.before,
    evaluated.verdict,
  ]);
  expect(record.samples).toEqual([]);
  expect(record.notes).toContain(
    "The images to forget are gone: UA and MIA are those of an earlier evaluation of these weights.",
  );
  const folder = RunFolder.open(at("again"));
  const { parent } = folder.readRecord();
  folder.writeRecord({
    ...folder.readRecord(),
    parent: { path: "../nowhere", name: "gone", modelSha256: parent?.modelSha256 ?? "" },
  });
  expect((await evaluate("again")).before?.metrics).toMatchObject({
    UA: { value: evaluated.before?.metrics.UA.value },
  });
});

it("takes those that are left where some are, for samples too, and says how many", async () => {
  removeImage(data, ids[0] ?? "");
  const record = await evaluate("never");
  expect([record.metrics.UA?.count, record.before?.metrics.UA.count]).toEqual([1, 1]);
  expect(record.samples.map(({ id }) => id)).toEqual([ids[1]]);
  expect(record.notes).toContain("Of the 2 images to forget 1 are gone: UA and MIA are those of the other 1.");
  rmSync(join(at("never"), "evaluation.json"));
});

it("evaluates the original on the split of a run whose images to forget are gone", async () => {
  removeImage(data, ids[0] ?? "");
  const record = await evaluate("original", { splitOf: at("never"), out: at("out") });
  expect([record.metrics.UA?.count, record.metrics.RA.count]).toEqual([1, 18]);
});
