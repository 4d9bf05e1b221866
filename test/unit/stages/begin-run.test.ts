import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { runRecordSchema } from "../../../src/record/index.ts";
import { beginRun, resumeRun } from "../../../src/stages/begin-run.ts";
import { DataContext, quietContext, RunFolder } from "../../../src/stages/index.ts";
import { folderOfRuns, tinyData, tinyTraining, trainTiny } from "../../support/tiny-runs.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const runs = folderOfRuns();
const original = join(runs, "original");

beforeAll(() => trainTiny(original));

it("leaves the split in the folder, and gives a record of the schema, its fields in their order", async () => {
  const first = RunFolder.open(original);
  const [finished, split] = [first.readRecord(), first.readSplit()];
  const loaded = await new DataContext().load(tinyData, "cpu", () => undefined);
  const parent = { path: "../original", name: "original", modelSha256: finished.result?.modelSha256 ?? "" };
  const { model } = finished;
  const start = {
    kind: "transfer",
    config: tinyTraining,
    seed: 7,
    device: "cpu",
    model,
    loaded,
    split,
    parent,
    reads: [original],
  } as const;
  const begun = beginRun(join(runs, "next"), start, quietContext({ command: ["coppice", "here"] }));
  using folder = begun.folder;
  const { record } = begun;
  expect(folder.readRecord()).toEqual(record);
  expect(runRecordSchema.safeParse(record).success).toBe(true);
  expect(Object.keys(record).join(" ")).toBe(
    "format version kind name status startedAt resumedAt command config seed model data split parent environment",
  );
  expect(record).toMatchObject({ kind: "transfer", name: "next", status: "running", seed: 7, resumedAt: [] });
  expect(record).toMatchObject({ command: ["coppice", "here"], data: finished.data, split: finished.split });
  expect(folder.readSplit()).toEqual(split);
});

it("resumes with the settings of the record, and notes when", () => {
  const folder = RunFolder.open(original);
  const before = folder.readRecord();
  folder.writeRecord({ ...before, status: "interrupted" });
  const { record, config } = resumeRun(folder, "train", quietContext());
  expect(config).toEqual(tinyTraining);
  const [at] = record.resumedAt;
  const { files: _files, ...kept } = before; // of a finished run
  expect(record).toEqual({ ...kept, status: "running", resumedAt: [at], resumedWith: [{ at, threads: 1 }] });
  expect(Date.now() - Date.parse(record.resumedAt[0] ?? "")).toBeLessThan(60_000);
  folder.writeRecord(before);
});

it("refuses to resume with settings of another form", () => {
  const folder = RunFolder.open(original);
  const before = folder.readRecord();
  folder.writeRecord({ ...before, config: { ...before.config, recipe: undefined } });
  const error = thrownBy(() => resumeRun(folder, "train", quietContext()));
  expect([error.code, error.message]).toEqual([
    "E_CHECKPOINT",
    `${join(original, "run.json")}: expected a run with the settings of this version, got recipe: expected object, got undefined`,
  ]);
  folder.writeRecord(before);
});
