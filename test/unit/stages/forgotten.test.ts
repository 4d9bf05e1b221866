import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { forgetStage, quietContext, RunFolder, standingsOf, trainStage } from "../../../src/stages/index.ts";
import { drawFolder, drawImage, folderTraining } from "../../support/folder-data.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { folderOfRuns, tinyForgetting, trainTiny } from "../../support/tiny-runs.ts";

const runs = folderOfRuns();
const at = (name: string): string => join(runs, name);
const ids = [
  "train/a/00.png",
  "train/b/05.png",
  "test/a/00.png",
  "test/b/09.png",
  "train/a/nothing.png",
  "train/A/00.png",
];

beforeAll(async () => {
  await drawFolder(at("data"));
  await drawImage(at("data"), "test/b/09.png", 0); // a copy of train/a/00.png
  const training = folderTraining(at("data"));
  await trainStage(
    { ...training, split: { ...training.split, validationFraction: 0 } },
    at("original"),
    quietContext(),
  );
  writeFileSync(at("ids.csv"), "id\ntrain/a/00.png\n");
  const request = { kind: "ids", file: at("ids.csv") } as const;
  const config = { ...tinyForgetting(at("original")), request, withCopies: true, batchSize: 8 };
  await forgetStage(config, at("forgotten"), quietContext());
  rmSync(at("data"), { recursive: true });
});

it("tells without the data how each id stands", () => {
  const standings = (run: string): string[] => standingsOf(at(run), ids).map(({ standing }) => standing);
  expect(standings("forgotten")).toEqual(["forgotten", "trained on", "test", "left out", "unknown", "unknown"]);
  expect(standings("original")).toEqual(["trained on", "trained on", "test", "test", "unknown", "unknown"]);
  expect(standingsOf(at("forgotten"), []).length).toBe(0);
});

it("knows what is drawn or published by its number, of chosen classes too", async () => {
  await trainTiny(at("drawn"));
  const folder = RunFolder.open(at("drawn"));
  const all = standingsOf(
    folder.path,
    Array.from({ length: 100 }, (_, i) => `train/${i}`),
  );
  const count = (wanted: string): number => all.filter(({ standing }) => standing === wanted).length;
  expect([count("trained on"), count("validation"), count("unknown")]).toEqual([32, 8, 60]);
});

it("refuses a run that has no listing of its images", () => {
  const folder = RunFolder.open(at("original"));
  const { recordsSha256: _, ...data } = folder.readRecord().data;
  folder.writeRecord({ ...folder.readRecord(), data });
  expect(thrownBy(() => standingsOf(folder.path, ids))).toMatchObject({
    code: "E_CHECKPOINT",
    message: `${folder.path}: expected a run with a listing of its images, got one of an earlier version`,
  });
});
