import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { DataConfig, RunRecord } from "../../../src/record/index.ts";
import { checkClassCount, openParent, type ParentOptions, parentRecord } from "../../../src/stages/parent.ts";
import { originalConfig } from "../../../src/stages/recorded-settings.ts";
import { DataContext, quietContext, recipeOf, RunFolder } from "../../../src/stages/index.ts";
import type { CoppiceError } from "../../../src/util/errors.ts";
import { rejectionOf } from "../../support/rejection.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { folderOfRuns, pruneTiny, tinyData, tinyTraining, trainTiny } from "../../support/tiny-runs.ts";

const runs = folderOfRuns();
const [original, pruned] = [join(runs, "original"), join(runs, "pruned")];
const files: ParentOptions = { data: { allowUnverified: false }, device: "cpu" };
let record: RunRecord;

beforeAll(async () => {
  await trainTiny(original);
  await pruneTiny(original, pruned);
  record = RunFolder.open(original).readRecord();
});

const context = quietContext();
/** Opens the original while its record is a changed one. */
async function refusalOf(change: Partial<RunRecord>): Promise<CoppiceError> {
  const folder = RunFolder.open(original);
  folder.writeRecord({ ...record, ...change });
  try {
    return await rejectionOf(openParent(original, files, context));
  } finally {
    folder.writeRecord(record);
  }
}

describe("openParent", () => {
  it("gives a finished run with its data and how the first original was trained", async () => {
    const first = await openParent(original, files, context);
    expect([first.record, first.original]).toEqual([record, tinyTraining]);
    const later = await openParent(pruned, files, context);
    expect([later.record.kind, later.original]).toEqual(["prune", tinyTraining]);
    expect(later.loaded).toBe(first.loaded);
  });

  it.each<[ParentOptions["data"], Partial<DataConfig>]>([
    [{ allowUnverified: false }, { allowUnverified: false }],
    [{ allowUnverified: true }, { allowUnverified: true }],
    [
      { allowUnverified: false, folder: "/moved" },
      { allowUnverified: false, folder: "/moved" },
    ],
  ])("asks for the original's data, with %j", async (data, expected) => {
    const asked: DataConfig[] = [];
    const asking = new DataContext();
    asking.load = (config) => {
      asked.push(config);
      return Promise.reject(new Error("enough"));
    };
    await expect(openParent(original, { data, device: "cpu" }, { ...context, data: asking })).rejects.toThrow("enough");
    expect(asked).toEqual([{ ...tinyData, ...expected }]);
  });

  it("refuses other data than the run was made with", async () => {
    const data = { ...record.data, digest: "a".repeat(64) };
    expect(await refusalOf({ data })).toMatchObject({
      code: "E_CONFIG",
      message: `${original}: expected data of digest ${"a".repeat(64)}, got ${record.data.digest}`,
    });
  });

  it("refuses a model of another number of classes than its data", async () => {
    expect(await refusalOf({ model: { ...record.model, numClasses: 10 } })).toMatchObject({
      code: "E_CHECKPOINT",
      message: `${original}: expected a model of 4 classes, as its data embedded have, got one of 10`,
    });
    expect(() => checkClassCount("runs/a", record)).not.toThrow();
  });

  it.each(["running", "interrupted", "failed"] as const)("refuses a run that is %s", async (status) => {
    expect(await refusalOf({ status })).toMatchObject({
      code: "E_CHECKPOINT",
      message: `${original}: expected a finished run, got one that is ${status}`,
      hint: status === "failed" ? "run the stage again" : `go on with \`coppice resume ${original}\``,
    });
  });

  it("refuses a run whose definition there is none of any more", async () => {
    const plugins = [{ kind: "architecture", name: "lost-net" }] as const;
    expect(await refusalOf({ plugins: [...plugins] })).toMatchObject({
      code: "E_CONFIG",
      message: `${original}: expected the architecture lost-net, which a program defined, got none of that name`,
    });
  });

  it("refuses weights that were changed after the run, by a byte", async () => {
    const file = RunFolder.open(original).file("model");
    const bytes = readFileSync(file);
    appendFileSync(file, " ");
    const error = await rejectionOf(openParent(original, files, context));
    writeFileSync(file, bytes);
    expect([error.code, error.message]).toEqual([
      "E_CHECKPOINT",
      expect.stringMatching(`^${file}: expected SHA-256 ${record.result?.modelSha256}, got [0-9a-f]{64}$`),
    ]);
  });
});

describe("the original's settings", () => {
  it("are a training's own, and carried along by what is made of it", () => {
    const descendant = { ...record, kind: "forget", config: { original: record.config } } as RunRecord;
    expect([originalConfig(record), originalConfig(descendant)]).toEqual([tinyTraining, tinyTraining]);
    expect(recipeOf(descendant)).toEqual(tinyTraining.recipe);
  });

  it("are refused where a descendant has none, or they are of another form", () => {
    const without = { ...record, kind: "prune", config: {} } as RunRecord;
    expect(thrownBy(() => originalConfig(without)).code).toBe("E_CHECKPOINT");
    const other = { ...record, config: { ...record.config, stem: "square" } };
    expect(thrownBy(() => originalConfig(other)).message).toMatch(
      /^original: expected a run with the settings of this version, got stem: /,
    );
  });
});

it("is named by a path that stays true when all runs are moved together", async () => {
  const parent = await openParent(original, files, context);
  const { modelSha256, trainLoss } = parent.record.result;
  // Numbers of it, for when its folder is gone; never its weights.
  const known = { modelSha256, trainLoss, sparsity: 0 };
  expect(parentRecord(parent, join(runs, "next"))).toEqual({ path: "../original", name: "original", ...known });
  expect(parentRecord(parent, join(runs, "a", "b")).path).toBe("../../original");
  expect(parentRecord(parent, original).path).toBe(".");
});
