import fc from "fast-check";
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parseRunRecord, type RunRecord } from "../../../src/record/index.ts";
import {
  DataContext,
  forgetStage,
  openModel,
  quietContext,
  resumeStage,
  RunFolder,
} from "../../../src/stages/index.ts";
import { openParent } from "../../../src/stages/parent.ts";
import { checkRecorded, recordedSettings, settingsToRecord, withPlace } from "../../../src/stages/recorded-settings.ts";
import { CoppiceError } from "../../../src/util/errors.ts";
import { rejectionOf } from "../../support/rejection.ts";
import { stopAfter } from "../../support/stop-after.ts";
import { folderOfRuns, tinyForgetting, trainTiny } from "../../support/tiny-runs.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const runs = folderOfRuns();
const original = join(runs, "original");
const forgotten = join(runs, "forgotten");
const context = quietContext({ data: new DataContext() });
const records: Record<string, RunRecord> = {};

beforeAll(async () => {
  await trainTiny(original);
  await forgetStage(tinyForgetting(original), forgotten, context);
  for (const path of [original, forgotten]) records[path] = RunFolder.open(path).readRecord();
});

const recordOf = (path: string): RunRecord => records[path] as RunRecord;

describe("settings that say something else than the record beside them", () => {
  it.each<[string, (record: RunRecord) => RunRecord, string]>([
    ["arch", (r) => ({ ...r, config: { ...r.config, arch: "resnet32s" } }), "architecture resnet32s"],
    ["stem", (r) => ({ ...r, config: { ...r.config, stem: "imagenet" } }), "stem imagenet"],
    ["seed", (r) => ({ ...r, seed: 9 }), "seed 1"],
    ["data", (r) => ({ ...r, data: { ...r.data, name: "mnist" } }), "data set embedded"],
    ["parent", (r) => ({ ...r, parent: { path: "..", name: "a", modelSha256: "0".repeat(64) } }), "parent none"],
  ])("are refused: %s", (_what, change, got) => {
    const error = thrownBy(() => checkRecorded(change(recordOf(original)), "run.json"));
    expect(error.code).toBe("E_CHECKPOINT");
    expect(error.message).toContain(
      `run.json: expected a record that agrees with itself, got the ${got} in its settings`,
    );
  });

  it("are refused: method", () => {
    const record = recordOf(forgotten);
    const method = record.method && { ...record.method, name: "retrain" };
    expect(thrownBy(() => checkRecorded({ ...record, ...(method && { method }) }, "run.json")).message).toContain(
      "got the method finetune in its settings and retrain beside them",
    );
    const { parent: _parent, ...orphan } = record;
    expect(thrownBy(() => checkRecorded(orphan, "run.json")).message).toContain("got the parent one in its settings");
  });
});

it("a record that was damaged anywhere is refused in a sentence, or says the same as before", async () => {
  /** Every place in a value, as a list of keys. */
  const placesIn = (value: unknown): (readonly string[])[] =>
    typeof value !== "object" || value === null
      ? []
      : Object.entries(value).flatMap(([key, inner]) => [[key], ...placesIn(inner).map((way) => [key, ...way])]);
  const folder = join(runs, "damaged");
  cpSync(forgotten, folder, { recursive: true });
  const file = join(folder, "run.json");
  const text = readFileSync(file, "utf8");
  const places = placesIn(JSON.parse(text)).filter(([first]) => first !== "result" && first !== "mask");
  const junk = fc.constantFrom<unknown>(undefined, null, {}, [], "x", 5, -1, true);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), junk, async (place, value) => {
      const changed = JSON.parse(text) as Record<string, unknown>;
      let at = changed;
      for (const key of place.slice(0, -1)) at = at[key] as Record<string, unknown>;
      at[place.at(-1) ?? ""] = value;
      writeFileSync(file, JSON.stringify(changed));
      try {
        const run = await openParent(folder, { data: { allowUnverified: false }, device: "cpu" }, context);
        (await openModel(run)).model.dispose();
        expect(run.record.model).toEqual(recordOf(forgotten).model);
      } catch (error) {
        expect(error).toBeInstanceOf(CoppiceError);
      }
    }),
    { numRuns: 150, seed: 3 },
  );
});

describe("paths in a record", () => {
  it("are relative to the run where they name runs, and absolute where they name data", () => {
    expect(recordOf(forgotten).config["model"]).toBe("../original");
    const settings = recordedSettings("forget", recordOf(forgotten), forgotten);
    expect(settings.model).toBe(original);
    const prunes = { model: original, after: join(forgotten, "rounds", "round-01"), data: {} };
    expect(settingsToRecord(prunes, forgotten)).toEqual({ model: "../original", after: "rounds/round-01", data: {} });
    expect(withPlace({ folder: "data" })).toEqual({ folder: join(process.cwd(), "data") });
    expect(withPlace({ folder: "data" }, "/moved")).toEqual({ folder: "/moved" });
    expect(withPlace({ name: "embedded" } as { folder?: string })).toEqual({ name: "embedded" });
  });

  it("of earlier versions are absolute, and are followed", () => {
    const record = recordOf(forgotten);
    const earlier = { ...record, config: { ...record.config, model: original } };
    expect(recordedSettings("forget", earlier, "/elsewhere").model).toBe(original);
  });

  it("stay true when an interrupted run and its original are moved together", async () => {
    const before = join(runs, "before");
    mkdirSync(before);
    cpSync(original, join(before, "original"), { recursive: true });
    const stopped = forgetStage(
      tinyForgetting(join(before, "original")),
      join(before, "run"),
      stopAfter(1, { data: context.data }),
    );
    await expect(stopped).rejects.toThrow();
    renameSync(before, join(runs, "after"));
    const resumed = await resumeStage(join(runs, "after", "run"), context);
    expect(resumed.result?.modelSha256).toBe(recordOf(forgotten).result?.modelSha256);
  });

  it("name the data where they were found last, for all that comes later", async () => {
    const asked: (string | undefined)[] = [];
    const data = new DataContext();
    const load = data.load.bind(data);
    data.load = ({ folder, ...config }, ...rest) => {
      asked.push(folder);
      return load(config, ...rest);
    };
    const run = join(runs, "stopped");
    const stopped = forgetStage(tinyForgetting(original), run, stopAfter(1, { data: context.data }));
    await expect(stopped).rejects.toThrow();
    await resumeStage(run, { ...context, data, dataFolder: "/moved/data" });
    expect(asked).toEqual(["/moved/data"]);
    const { config } = parseRunRecord(readFileSync(join(run, "run.json"), "utf8"));
    expect(config).toMatchObject({ data: { folder: "/moved/data" }, original: { data: { folder: "/moved/data" } } });
    const later = await rejectionOf(openParent(run, { data: { allowUnverified: false }, device: "cpu" }, context));
    expect(later.message).toContain("folder");
  });
});
