/** What `scripts/compare-numbers.ts` takes for equal, and what not. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Allowed, allowed } from "../../scripts/compare-numbers/allowed.ts";
import { ABSENT, type Comparison, compareResults } from "../../scripts/compare-numbers/compare.ts";
import { temporaryFolder } from "./temporary-folder.ts";

type Contents = Readonly<Record<string, unknown>>;

const run = {
  format: "coppice-run",
  startedAt: "2026-01-01T00:00:00.000Z",
  parent: { path: "../original", name: "original" },
  result: { trainLoss: 0.25, seconds: 1.5, layers: [{ name: "conv1.weight", nonzero: 3 }] },
  notes: ["Only 22 forget images: MIA says little of l1-sparse."],
};

const results: Contents = {
  "original/model.safetensors": "weights",
  "original/run.json": run,
  "original/split.json": '{ "seed": 1 }',
  "original/metrics.jsonl": '{"epoch":1,"loss":2.5,"seconds":0.1}\n{"epoch":2,"loss":2.25,"seconds":0.1}\n',
  "suspects.csv": "id,score\ntrain/1,0.5\n",
};

const job = (letter: string): string => `jobs/done/forget-${letter.repeat(20)}`;

/** Writes texts as they are, and everything else as JSON. */
function folderOf(contents: Contents): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(contents)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  }
  return folder;
}

function compare(before: Contents, after: Contents, names: Partial<Allowed> = {}): Comparison {
  return compareResults(folderOf(before), folderOf(after), { ...allowed, ...names });
}

const withRun = (changes: object): Contents => ({ ...results, "original/run.json": { ...run, ...changes } });

describe("two folders", () => {
  it("are equal where they hold the same", () => {
    const { differences, reworded, compared } = compare(results, results);
    expect([differences, reworded]).toEqual([[], []]);
    expect(compared["original"]).toMatchObject({ files: 4, models: 1, fields: 1 + 6 + 1 + 4 });
  });

  it.each<[string, Contents, string, string, string, string]>([
    [
      "a number",
      withRun({ result: { ...run.result, trainLoss: 0.2500001 } }),
      "original/run.json",
      "result.trainLoss",
      "0.25",
      "0.2500001",
    ],
    [
      "a number in a list",
      withRun({ result: { ...run.result, layers: [{ name: "conv1.weight", nonzero: 4 }] } }),
      "original/run.json",
      "result.layers.0.nonzero",
      "3",
      "4",
    ],
    [
      "a number in a sentence",
      withRun({ notes: ["Only 23 forget images: MIA says little of l1-sparse."] }),
      "original/run.json",
      "notes.0",
      run.notes[0]!,
      "Only 23 forget images: MIA says little of l1-sparse.",
    ],
    [
      "a name",
      withRun({ format: "coppice-training" }),
      "original/run.json",
      "format",
      "coppice-run",
      "coppice-training",
    ],
    ["a field more", withRun({ seed: 1 }), "original/run.json", "seed", ABSENT, "1"],
    [
      "a line's number",
      { ...results, "original/metrics.jsonl": '{"epoch":1,"loss":2.5}\n{"epoch":2,"loss":2.26}\n' },
      "original/metrics.jsonl",
      "1.loss",
      "2.25",
      "2.26",
    ],
    [
      "a cell of a table",
      { ...results, "suspects.csv": "id,score\ntrain/1,0.25\n" },
      "suspects.csv",
      "0.score",
      "0.5",
      "0.25",
    ],
    [
      "a file more",
      { ...results, "original/rewind.safetensors": "" },
      "original/rewind.safetensors",
      "the file",
      ABSENT,
      "there",
    ],
  ])("differ in %s", (_what, after, file, field, one, other) => {
    expect(compare(results, after).differences).toEqual([{ file, field, before: one, after: other }]);
  });

  it.each(["original/model.safetensors", "original/split.json"])("differ in any byte of %s", (file) => {
    const { differences } = compare(results, { ...results, [file]: `${String(results[file])} ` });
    expect(differences).toMatchObject([{ file, field: "sha256" }]);
  });

  it("differ in the order of the fields", () => {
    const { format, ...others } = run;
    const { differences } = compare(results, { ...results, "original/run.json": { ...others, format } });
    expect(differences).toEqual([
      { file: "original/run.json", field: "the order of the fields", before: "format", after: "parent.name" },
    ]);
  });
});

describe("what may differ", () => {
  it("are times, paths, versions and pages", () => {
    const later = {
      startedAt: "2027-01-01T00:00:00.000Z",
      parent: { path: "../../elsewhere", name: "original" },
      result: { ...run.result, seconds: 3 },
      environment: { coppice: "0.2.0" },
    };
    expect(compare(results, { ...withRun(later), "original/report.html": "<p>" }).differences).toEqual([]);
  });

  it("is the name of a file that is a hash of settings", () => {
    const slice = (digit: string, content: string): Contents => ({
      [`slices/${digit.repeat(64)}.safetensors`]: content,
    });
    expect(compare(slice("1", "weights"), slice("2", "weights")).differences).toEqual([]);
    expect(compare(slice("1", "weights"), slice("1", "others")).differences).toHaveLength(2);
  });

  it("is what findings on times say", () => {
    const finding = (timed: object, ours: string): Contents => ({
      "experiment.json": { findings: [{ ...timed, ours }] },
    });
    const [before, after] = ["1.2 times FT's", "1.3 times FT's"];
    expect(compare(finding({ timed: true }, before), finding({ timed: true }, after)).differences).toEqual([]);
    expect(compare(finding({}, before), finding({}, after)).differences).toHaveLength(1);
  });

  it("are run times in tables for people", () => {
    const table = (accuracy: string, time: string): Contents => ({ "scores.md": `| FT | ${accuracy} | ${time} |\n` });
    expect(compare(table("81.1", "58 s"), table("81.1", "1 min 2.5 s")).differences).toEqual([]);
    expect(compare(table("81.1", "58 s"), table("81.2", "58 s")).differences).toHaveLength(1);
  });

  it("are the words of a sentence, which are told", () => {
    const after = "Just 22 images to forget: MIA says little.";
    const { differences, reworded } = compare(results, withRun({ notes: [after] }));
    expect(differences).toEqual([]);
    expect(reworded).toEqual([{ before: run.notes[0], after, times: 1 }]);
    const verdict = (said: string): Contents => ({ "experiment.json": { verdict: said } });
    expect(compare(verdict("not reproduced"), verdict("not testable")).differences).toHaveLength(1);
  });

  it("are names in the tables of names, and no others", () => {
    const after: Contents = {
      ...Object.fromEntries(Object.entries(results).filter(([name]) => name !== "original/run.json")),
      "original/training.json": {
        ...run,
        format: "coppice-training",
        result: { ...run.result, loss: 0.25, trainLoss: undefined },
      },
    };
    const names = {
      files: { "run.json": "training.json" },
      values: { "coppice-run": "coppice-training" },
      fields: { "result.trainLoss": "loss" },
    };
    const [order, ...others] = compare(results, after, names).differences;
    expect([order?.field, others]).toEqual(["the order of the fields", []]);
    const { fields: _, ...fewer } = names;
    const fieldsOf = ({ differences }: Comparison): string[] => differences.map(({ field }) => field);
    expect(fieldsOf(compare(results, after, fewer)).toSorted()).toEqual(["result.loss", "result.trainLoss"]);
    expect(compare(results, results, names).differences).toEqual([]);
  });

  it("are fields that are new or gone, where they are named", () => {
    const { notes: _, ...rest } = run;
    const after = { ...results, "original/run.json": { ...rest, seed: 1 } };
    expect(compare(results, after).differences).toHaveLength(2);
    expect(compare(results, after, { fields: { notes: null }, added: ["seed"] }).differences).toEqual([]);
  });
});

describe("jobs", () => {
  const jobs = (first: string, second: string, loss = 0.5): Contents => ({
    [`${job(first)}/run.json`]: { name: `forget-${first.repeat(20)}`, seed: 1, loss: 0.25 },
    [`${job(first)}/model.safetensors`]: "one",
    [`${job(second)}/run.json`]: { name: `forget-${second.repeat(20)}`, seed: 2, loss },
    [`${job(second)}/model.safetensors`]: "two",
  });

  it("are found by what they hold, whatever they are called", () => {
    const { differences, compared } = compare(jobs("a", "b"), jobs("d", "c"));
    expect(differences).toEqual([]);
    expect(compared["jobs"]).toMatchObject({ files: 4, models: 2 });
  });

  it("are set beside the nearest where they differ", () => {
    expect(compare(jobs("a", "b"), jobs("d", "c", 0.75)).differences).toEqual([
      { file: "jobs/done/(job 2)/run.json", field: "loss", before: "0.5", after: "0.75" },
    ]);
  });

  it("count each for itself", () => {
    const more = { ...jobs("d", "c"), [`${job("e")}/model.safetensors`]: "one" };
    expect(compare(jobs("a", "b"), more).differences).toMatchObject([{ field: "the file", before: ABSENT }]);
    expect(compare(more, jobs("a", "b")).differences).toMatchObject([{ field: "the file", after: ABSENT }]);
  });
});
