import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type CleanseRecord, cleanseRecordSchema, type ForgetConfig } from "../../../src/record/index.ts";
import type { SplitManifest } from "../../../src/record/split.ts";
import { type Cleansed, classWarnings } from "../../../src/stages/cleanse.ts";
import {
  cleanseStage,
  DataContext,
  forgetStage,
  prepareCleanse,
  quietContext,
  resumeStage,
  RunFolder,
  type StageContext,
} from "../../../src/stages/index.ts";
import { idList } from "../../../src/stages/poison.ts";
import { Interrupted } from "../../../src/train/index.ts";
import { rejectionOf } from "../../support/rejection.ts";
import { stopAfter } from "../../support/stop-after.ts";
import { folderOfRuns, tinyData, tinyForgetting, trainTiny } from "../../support/tiny-runs.ts";
import { poisonedOf, tinyPoison, trainTrojaned } from "../../support/tiny-trojan.ts";

const runs = folderOfRuns();
const at = (name: string): string => join(runs, name);
const [trojaned, list] = [at("trojaned"), at("poisoned.csv")];
const data = new DataContext();
const said: string[] = [];
const context = quietContext({ data, log: (message) => void said.push(message), command: ["coppice", "cleanse"] });
const configOf = (changes: Partial<ForgetConfig> = {}): ForgetConfig => ({
  ...tinyForgetting(trojaned),
  request: { kind: "ids", file: list },
  options: { epochs: 2 },
  ...changes,
});
const cleanse = (
  name: string,
  changes: Partial<ForgetConfig> = {},
  within: StageContext = context,
): Promise<Cleansed> => cleanseStage(configOf(changes), at(name), within);
let cleansed: Cleansed;

beforeAll(async () => {
  await trainTrojaned(trojaned);
  const { dataset } = await data.load({ ...tinyData, poison: await tinyPoison() }, "cpu", () => undefined);
  writeFileSync(list, idList((await poisonedOf(trojaned)).map((index) => dataset.train.ids(index))));
  cleansed = await cleanse("cleansed");
});

const recordIn = (name: string): CleanseRecord =>
  JSON.parse(readFileSync(join(at(name), "cleanse.json"), "utf8")) as CleanseRecord;
/** What does not depend on when and where it was made. */
function contentOf({
  createdAt: _createdAt,
  environment: _environment,
  run,
  command: _command,
  recordHash: _hash,
  ...rest
}: CleanseRecord): object {
  const { seconds: _seconds, name: _name, ...made } = run;
  return { ...rest, run: made };
}

describe("a cleanse", () => {
  it("is a run that forgot the suspects, as `forgetStage` would make it, with its measurement beside it", async () => {
    expect(recordIn("cleansed")).toEqual(cleansed.cleanse);
    expect(cleanseRecordSchema.safeParse(cleansed.cleanse).error).toBeUndefined();
    expect(RunFolder.open(at("cleansed")).readSplit().indices.forget).toEqual(await poisonedOf(trojaned));
    const plain = await forgetStage(configOf(), at("plain"), context);
    expect(plain.result?.modelSha256).toBe(cleansed.run.result?.modelSha256);
    expect(cleansed.cleanse).toMatchObject({
      command: ["coppice", "cleanse"],
      run: { name: "cleansed", path: ".", method: "finetune", order: "dense", steps: 4, sparsity: 0 },
      before: { name: "trojaned", path: "../trojaned" },
      attack: await tinyPoison(),
      classNames: ["disc", "ring", "crescent", "heart"],
    });
  });

  it("compares the suspects with the truth, where the original's record tells it", () => {
    expect(cleansed.cleanse.suspects).toMatchObject({
      source: "poisoned.csv",
      count: 8,
      share: 0.25,
      truth: { poisoned: 8, found: 8, precision: { value: 1 }, recall: { value: 1 } },
    });
    expect(cleansed.cleanse.suspects).not.toHaveProperty("detector");
  });

  it("measures the backdoor before and after on the same images, and rates the difference", () => {
    const { before, run, DER } = cleansed.cleanse;
    for (const name of ["SA", "ASR", "ASRReference", "heldOut", "robustAccuracy"] as const)
      expect(run.metrics[name]?.count, name).toBe(before.metrics[name]?.count);
    const drop = Math.max(0, (before.metrics.ASR?.value ?? NaN) - (run.metrics.ASR?.value ?? NaN));
    const cost = Math.max(0, before.metrics.SA.value - run.metrics.SA.value);
    expect(DER?.value).toBeCloseTo((drop - cost + 1) / 2, 12);
  });

  it("traces both scores from the model before to the model after", () => {
    const { trace, before, run, traceImages } = cleansed.cleanse;
    expect(trace.map(({ epoch, step }) => [epoch, step])).toEqual([
      [0, 0],
      [1, 2],
      [2, 4],
    ]);
    expect(traceImages).toBe(20);
    for (const [line, { metrics }] of [
      [trace[0], before],
      [trace.at(-1), run],
    ] as const)
      expect([line?.ASR, line?.SA]).toEqual([
        expect.closeTo(metrics.ASR?.value ?? NaN),
        expect.closeTo(metrics.SA.value),
      ]);
  });

  it("shows test images of other classes than the target, with and without the trigger", () => {
    const { previews } = cleansed.cleanse;
    expect(previews).toHaveLength(8);
    for (const { label, clean, triggered, predictedBefore, predictedAfter } of previews) {
      expect(label).not.toBe(1);
      expect(triggered.data).not.toBe(clean.data);
      for (const predicted of [predictedBefore, predictedAfter]) expect([0, 1, 2, 3]).toContain(predicted);
    }
    expect(new Set(previews.map(({ index }) => index)).size).toBe(8);
  });

  it("names what found the suspects, where it was a detector", async () => {
    const options = { epochs: 1 };
    const { cleanse: record } = await cleanse("detected", { cleanse: { detector: "strip" }, options });
    expect(record.suspects).toMatchObject({ detector: "strip" });
  });
});

describe("a cleanse by a method that reads no records", () => {
  it("needs no list, forgets nothing, and says nothing of suspects", async () => {
    const changes = { method: "clp", options: {}, request: { kind: "ids", file: "/nowhere.csv" } } as const;
    const { run, cleanse: record } = await cleanse("clp", changes);
    expect(run.config["request"]).toEqual({ kind: "none" });
    expect(RunFolder.open(at("clp")).readSplit().indices.forget).toEqual([]);
    expect(record).not.toHaveProperty("suspects");
    expect(record.trace.map(({ epoch }) => epoch)).toEqual([0]);
    expect(cleanseRecordSchema.safeParse(record).success).toBe(true);
  });
});

describe("a cleanse of a model of which no attack is known", () => {
  it("measures accuracy alone", async () => {
    await trainTiny(at("clean"));
    const request = { kind: "random", count: 4 } as const;
    const { cleanse: record } = await cleanse("unknown", { model: at("clean"), request });
    for (const { metrics } of [record.before, record.run]) expect(Object.keys(metrics)).toEqual(["SA", "heldOut"]);
    expect([record.DER, record.attack, record.trace, record.previews, record.traceImages]).toEqual([
      undefined,
      undefined,
      [],
      [],
      0,
    ]);
    expect(record.suspects).toMatchObject({ source: "random", count: 4 });
    expect(record.suspects).not.toHaveProperty("truth");
  });
});

describe("an interrupted cleanse", () => {
  it.each([1, 3])("after step %d, ends with the same model and the same measurement once resumed", async (steps) => {
    const name = `stopped-${steps}`;
    await expect(cleanse(name, {}, stopAfter(steps, { data }))).rejects.toBeInstanceOf(Interrupted);
    expect(existsSync(join(at(name), "cleanse.json"))).toBe(false);
    const resumed = await resumeStage(at(name), context);
    expect(resumed.result?.modelSha256).toBe(cleansed.run.result?.modelSha256);
    expect(contentOf(recordIn(name))).toEqual(contentOf(cleansed.cleanse));
  });

  it("that was stopped before it was measured is measured, and not done again", async () => {
    const { finishedAt } = RunFolder.open(at("cleansed")).readRecord();
    rmSync(join(at("cleansed"), "cleanse.json"));
    const record = await resumeStage(at("cleansed"), context);
    expect([record.finishedAt, record.resumedAt]).toEqual([finishedAt, []]);
    expect(contentOf(recordIn("cleansed"))).toEqual(contentOf(cleansed.cleanse));
  });
});

describe("suspects that are nearly a whole class", () => {
  const labels = Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 1);
  const loaded = { dataset: { classNames: ["a", "b"], train: { labels } } } as never;
  const warningsOf = (forget: readonly number[]): string[] =>
    classWarnings({ loaded }, { indices: { train: [0, 1, 2, 3, 4, 5, 6, 7], forget } } as unknown as SplitManifest);

  it.each([
    [[], []],
    [[0, 1, 4, 5], []],
    [[0, 1, 2, 4], ["3 of the 4 training images of class 0 (a)"]],
    [[1, 4, 5, 6, 7], ["4 of the 4 training images of class 1 (b)"]],
    [
      [0, 1, 2, 3, 4, 5, 6],
      ["4 of the 4 training images of class 0 (a)", "3 of the 4 training images of class 1 (b)"],
    ],
  ])("%j are warned of: %j", (forget, starts) => {
    expect(warningsOf(forget)).toEqual(
      starts.map((start) => `${start} are suspects: unlearning them may remove the class`),
    );
  });

  it("are warned of before the work begins, and in the record", async () => {
    const { dataset } = await data.load({ ...tinyData, poison: await tinyPoison() }, "cpu", () => undefined);
    const { train } = RunFolder.open(trojaned).readSplit().indices;
    const ofFirst = train.filter((index) => dataset.train.labels[index] === 0);
    const file = at("first.csv");
    writeFileSync(file, idList(ofFirst.map((index) => dataset.train.ids(index))));
    said.length = 0;
    const { cleanse: record } = await cleanse("class", { request: { kind: "ids", file }, options: { epochs: 1 } });
    const warning = `${ofFirst.length} of the ${ofFirst.length} training images of class 0 (disc) are suspects: unlearning them may remove the class`;
    expect(said[0]).toBe(`warning: ${warning}`);
    expect(record.notes).toContain(warning);
    expect(record.suspects?.truth?.found).toBe(0);
  });
});

describe("what cannot be cleansed", () => {
  it.each<[Partial<ForgetConfig>, string, string]>([
    [{ request: { kind: "ids", file: "/nowhere.csv" } }, "E_DATA", "/nowhere.csv: expected a file that can be read"],
    [{ method: "clip" }, "E_ARG", 'got "clip"'],
    [{ options: { epochs: 0 } }, "E_ARG", "epochs"],
    [{ model: at("nowhere") }, "E_CHECKPOINT", "expected a run folder, got no such folder"],
  ])("is refused before anything is written: %j", async (change, code, message) => {
    expect(await rejectionOf(cleanse("refused", change))).toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect(existsSync(at("refused"))).toBe(false);
  });

  it("is told beforehand, while the suspects are not known yet", async () => {
    const { request: _, ...config } = configOf();
    const detect = { kind: "detect", detector: "strip", options: {} } as const;
    const prepared = await prepareCleanse(config, detect, context);
    expect([prepared.method.name, prepared.options["epochs"], prepared.presets]).toEqual(["finetune", 2, []]);
    const error = await rejectionOf(prepareCleanse(config, { ...detect, options: { overlay: 1 } }, context));
    expect([error.code, error.message]).toEqual(["E_ARG", expect.stringContaining("overlay")]);
    const ensemble = { ...config, method: "scrub", options: { rewind: "sideways" } };
    expect((await rejectionOf(prepareCleanse(ensemble, detect, context))).code).toBe("E_ARG");
    const without = await prepareCleanse({ ...config, method: "clp", options: {} }, { kind: "none" }, context);
    expect(without.split.indices.forget).toEqual([]);
    expect((await rejectionOf(prepareCleanse(config, { kind: "none" }, context))).message).toMatch(
      /^finetune: expected images to forget, got none$/,
    );
  });
});
