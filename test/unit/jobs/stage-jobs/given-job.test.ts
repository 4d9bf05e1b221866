import { appendFileSync, cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { forgetJob, givenListJob, givenRunJob, trainJob } from "../../../../src/jobs/stage-jobs/index.ts";
import { RunFolder } from "../../../../src/stages/index.ts";
import { thrownBy } from "../../../support/thrown-by.ts";
import { doJobs, expectDistinct, shortTraining } from "../../../support/tiny-jobs.ts";
import { folderOfRuns, pruneTiny, tinyForgetting, trainTiny } from "../../../support/tiny-runs.ts";

const runs = folderOfRuns();
const at = (name: string): string => join(runs, name);
const [original, pruned] = [at("original"), at("pruned")];

beforeAll(async () => {
  await trainTiny(original, { ...shortTraining });
  await pruneTiny(original, pruned);
});

describe("a run that is given", () => {
  it("is known by what it is, wherever it lies and whatever it is called", () => {
    const { key } = givenRunJob(original, "train", "original");
    expect(key).toMatch(/^source-[0-9a-f]{20}$/);
    cpSync(original, at("copy"), { recursive: true });
    expect(givenRunJob(at("copy"), "train", "another title").key).toBe(key);
    expectDistinct(givenRunJob(original, "train", "original"), [givenRunJob(pruned, "prune", "pruned")]);
  });

  it("is another one with other settings, though its weights be the same", () => {
    cpSync(original, at("resized"), { recursive: true });
    const folder = RunFolder.open(at("resized"));
    const record = folder.readRecord();
    folder.writeRecord({ ...record, config: { ...record.config, rewindEpoch: 1 } });
    expectDistinct(givenRunJob(original, "train", "original"), [givenRunJob(at("resized"), "train", "original")]);
  });

  it("is copied whole, but for the lock of who works in it, and others go on from the copy", async () => {
    const lock = join(original, "lock.json");
    writeFileSync(lock, JSON.stringify({ pid: 1, host: hostname(), started: null }));
    const source = givenRunJob(original, "train", "original");
    const { model: _, ...config } = tinyForgetting("");
    const forgotten = forgetJob("forgotten", source, config);
    const store = await doJobs([forgotten]);
    renameSync(lock, `${lock}.away`);
    const copy = store.folderOf(source.key);
    const names = readdirSync(original).filter((name) => !name.startsWith("lock."));
    expect(readdirSync(copy).toSorted()).toEqual([...names, "job.json"].toSorted());
    for (const name of names)
      expect(readFileSync(join(copy, name)).equals(readFileSync(join(original, name))), name).toBe(true);
    const made = RunFolder.open(store.folderOf(forgotten.key));
    expect(resolve(made.path, made.requireFinished().parent?.path ?? "")).toBe(copy);
  });

  it("says how its original was trained, and takes no time", () => {
    expect(givenRunJob(pruned, "prune", "pruned")).toMatchObject({
      kind: "prune",
      train: shortTraining,
      work: 0,
      after: [],
    });
  });

  it("is refused where it is not finished, or was changed", () => {
    expect(thrownBy(() => givenRunJob(at("nowhere"), "train", "original")).message).toMatch(/got no such folder$/);
    cpSync(original, at("changed"), { recursive: true });
    appendFileSync(join(at("changed"), "model.safetensors"), " ");
    expect(thrownBy(() => givenRunJob(at("changed"), "train", "original")).code).toBe("E_CHECKPOINT");
    const folder = RunFolder.open(at("changed"));
    folder.writeRecord({ ...folder.readRecord(), status: "running" });
    expect(thrownBy(() => givenRunJob(at("changed"), "train", "original")).message).toMatch(/got one that is running$/);
  });
});

describe("a list that is given", () => {
  const model = trainJob("original", shortTraining);
  const fileOf = (name: string, text: string): string => {
    writeFileSync(at(name), text);
    return at(name);
  };

  it("is known by its name and contents, not by its folder", () => {
    const list = givenListJob(fileOf("list.csv", "id\na\n"), model);
    expect(list.key).toMatch(/^list-[0-9a-f]{20}$/);
    cpSync(at("list.csv"), join(original, "list.csv"));
    expect(givenListJob(join(original, "list.csv"), model).key).toBe(list.key);
    expectDistinct(list, [
      givenListJob(fileOf("other.csv", "id\na\n"), model),
      givenListJob(fileOf("list.csv", "id\nb\n"), model),
    ]);
  });

  it("is copied under its name", async () => {
    const list = givenListJob(fileOf("suspects of mine.csv", "id\na\nb\n"), model);
    expect(list).toMatchObject({
      kind: "poison",
      title: "suspects of suspects of mine.csv",
      work: 0,
      train: shortTraining,
    });
    const store = await doJobs([list]);
    expect(readFileSync(join(store.folderOf(list.key), "suspects of mine.csv"), "utf8")).toBe("id\na\nb\n");
  });
});
