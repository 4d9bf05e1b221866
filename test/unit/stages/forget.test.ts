import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { type ForgetConfig, type RunRecord, runRecordSchema } from "../../../src/record/index.ts";
import {
  DataContext,
  forgetStage,
  quietContext,
  resumeStage,
  RunFolder,
  type StageContext,
} from "../../../src/stages/index.ts";
import { type PreparedForget, prepareForget } from "../../../src/stages/forget.ts";
import { loadSafetensors } from "../../../src/torch/index.ts";
import { Interrupted } from "../../../src/train/index.ts";
import { blankedData, forgottenBy } from "../../support/blanked-data.ts";
import { rejectionOf } from "../../support/rejection.ts";
import { stopAfter } from "../../support/stop-after.ts";
import { folderOfRuns, pruneTiny, tinyForgetting, tinyTraining, trainTiny } from "../../support/tiny-runs.ts";

const runs = folderOfRuns();
const at = (name: string): string => join(runs, name);
const [original, pruned] = [at("original"), at("pruned")];
const data = new DataContext();
const said: string[] = [];
const context = quietContext({ data, log: (message) => void said.push(message) });
const forget = (name: string, changes: Partial<ForgetConfig> = {}): Promise<RunRecord> =>
  forgetStage({ ...tinyForgetting(original), ...changes }, at(name), context);
/** What would be done, without doing it. */
const prepare = (changes: Partial<ForgetConfig> = {}): Promise<PreparedForget> =>
  prepareForget({ ...tinyForgetting(original), ...changes }, context);
let record: RunRecord;

beforeAll(async () => {
  await trainTiny(original);
  await pruneTiny(original, pruned);
  record = await forget("forgotten");
});

const random = { request: { kind: "random", count: 3 } } as const;
const shaOf = ({ result }: RunRecord): string | undefined => result?.modelSha256;
const maskValues = (path: string): Map<string, number[]> =>
  new Map(
    [...loadSafetensors(join(path, "model.safetensors")).tensors]
      .filter(([name]) => name.endsWith("_mask"))
      .map(([name, value]) => [name, value.toArray()]),
  );

describe("a run that has forgotten", () => {
  it("records the method with every option, what it comes from, and how the original was trained", () => {
    expect(runRecordSchema.safeParse(record).success).toBe(true);
    expect(record).toMatchObject({
      kind: "forget",
      parent: { path: "../original", modelSha256: shaOf(RunFolder.open(original).readRecord()) },
      method: {
        name: "finetune",
        options: { epochs: 1, lr: 0.01, momentum: 0.9, weightDecay: 5e-4 },
        order: "dense",
      },
      config: { model: "../original", original: tinyTraining },
      result: { epochs: 1, steps: 2 },
    });
    expect(record).not.toHaveProperty("mask");
    expect(readdirSync(at("forgotten")).toSorted()).toEqual([
      "metrics.jsonl",
      "model.safetensors",
      "records.json",
      "run.json",
      "split.json",
    ]);
  });

  it("has a split in which the class is forgotten, no longer retained and not tested on", async () => {
    const { dataset } = await data.load(tinyTraining.data, "cpu", () => undefined);
    const split = RunFolder.open(at("forgotten")).readSplit();
    const { forget: gone, retain, train, test, validation } = split.indices;
    const before = RunFolder.open(original).readSplit();
    expect([split.baseHash, train, validation]).toEqual([
      before.baseHash,
      before.indices.train,
      before.indices.validation,
    ]);
    expect(new Set(gone.map((index) => dataset.train.labels[index]))).toEqual(new Set([3]));
    expect([...gone, ...retain].toSorted((a, b) => a - b)).toEqual(train);
    expect(test.filter((index) => dataset.test.labels[index] === 3)).toEqual([]);
    expect(test.length).toBeGreaterThan(0);
  });

  it("ends with the same bytes when it is interrupted and resumed, and leaves the original as it was", async () => {
    const before = readFileSync(join(original, "model.safetensors"));
    const options = { epochs: 2 };
    const whole = await forget("whole", { options });
    for (const steps of [1, 2]) {
      const out = at(`stopped-${steps}`);
      const stopped = forgetStage({ ...tinyForgetting(original), options }, out, stopAfter(steps, { data }));
      await expect(stopped).rejects.toBeInstanceOf(Interrupted);
      expect([RunFolder.open(out).readRecord().status, existsSync(join(out, "model.safetensors"))]).toEqual([
        "interrupted",
        false,
      ]);
      expect(shaOf(await resumeStage(out, context))).toBe(shaOf(whole));
      expect(readdirSync(out).toSorted()).toEqual(readdirSync(at("whole")).toSorted());
    }
    expect(readFileSync(join(original, "model.safetensors"))).toEqual(before);
  });

  it("depends on its seed", async () => {
    expect(shaOf(await forget("other-seed", { seed: 2 }))).not.toBe(shaOf(record));
  });

  it("keeps the mask of a pruned original, and every weight outside of it zero", async () => {
    const run = await forget("sparse", { model: pruned });
    expect(run.method?.order).toBe("prune-first");
    expect(run.mask).toEqual(RunFolder.open(pruned).readRecord().mask);
    expect(maskValues(at("sparse"))).toEqual(maskValues(pruned));
    const layers = new Map(run.result?.layers.map(({ name, nonzero }) => [name, nonzero]));
    for (const { name, nonzero } of run.mask?.layers ?? []) expect(layers.get(name), name).toBeLessThanOrEqual(nonzero);
  });

  it("is an ensemble where the method trains one, from an original in shards", async () => {
    await trainTiny(at("shards"), { sharding: { shards: 2, slices: 2 } });
    const run = await forget("sisa", { model: at("shards"), method: "sisa", options: {}, ...random });
    expect(run.model).toMatchObject({ members: 2, numParameters: 2 * record.model.numParameters });
    expect(run.method?.options).toMatchObject({ shards: 2, slices: 2, epochs: 2 });
    expect((await rejectionOf(forget("one", { model: at("shards") }))).message).toMatch(/got the ensemble of 2/);
    expect(existsSync(at("one"))).toBe(false);
  });
});

describe("images that shall be forgotten", () => {
  const runOn = (name: string, method: string, images: DataContext, epochs = 1): Promise<RunRecord> => {
    const config = { ...tinyForgetting(original), ...random, method, options: { epochs }, forgetSeed: 5 };
    return forgetStage(config, at(name), quietContext({ data: images }));
  };

  it.each(["finetune", "retrain"])("change nothing of what %s makes, whatever they show", async (method) => {
    const seen = await runOn(`${method}-seen`, method, data);
    const blanked = blankedData(forgottenBy(RunFolder.open(at(`${method}-seen`))));
    expect(shaOf(await runOn(`${method}-blanked`, method, blanked))).toBe(shaOf(seen));
  });

  it("are all that gradient ascent looks at", async () => {
    const seen = await runOn("ascent-seen", "gradient-ascent", data);
    const forgotten = forgottenBy(RunFolder.open(at("ascent-seen")));
    expect(shaOf(await runOn("ascent-blanked", "gradient-ascent", blankedData(forgotten)))).not.toBe(shaOf(seen));
    const { retain } = RunFolder.open(at("ascent-seen")).readSplit().indices;
    expect(shaOf(await runOn("ascent-alone", "gradient-ascent", blankedData(retain)))).toBe(shaOf(seen));
  });

  it("are drawn by a seed, which is the split's unless one is given", async () => {
    const gone = async (changes: Partial<ForgetConfig>): Promise<readonly number[]> =>
      (await prepare({ ...random, ...changes })).split.indices.forget;
    const [own, one, two] = [await gone({}), await gone({ forgetSeed: 1, seed: 3 }), await gone({ forgetSeed: 2 })];
    expect([own, own.length]).toEqual([one, 3]);
    expect(two).not.toEqual(own);
  });

  it("may be listed in a file, by their lasting names", async () => {
    const { dataset } = await data.load(tinyTraining.data, "cpu", () => undefined);
    const wanted = RunFolder.open(original).readSplit().indices.train.slice(2, 5);
    const file = at("request.csv");
    writeFileSync(file, ["id", ...wanted.map((index) => dataset.train.ids(index))].join("\n"));
    const { split } = await prepare({ request: { kind: "ids", file } });
    const { scenario, indices } = split;
    expect([scenario.kind, scenario]).toMatchObject(["list", { source: "request.csv" }]);
    expect(indices.forget).toEqual(wanted);
  });
});

it("whoever is asked before anything is written knows what will be forgotten, and can stop it", async () => {
  const confirm = vi.fn<NonNullable<StageContext["confirm"]>>().mockRejectedValueOnce(new TypeError("no"));
  const out = at("asked");
  await expect(forgetStage(tinyForgetting(original), out, quietContext({ data, confirm }))).rejects.toThrow("no");
  expect(existsSync(out)).toBe(false);
  const { split } = await prepare({});
  expect(confirm.mock.calls).toMatchObject([[{ count: split.indices.forget.length }]]);
});

describe("images that are withheld", () => {
  it("are neither forgotten nor given to the method", async () => {
    const run = await forget("withheld", { withhold: 0.25 });
    const { withheld = [], retain, forget: gone, train } = RunFolder.open(at("withheld")).readSplit().indices;
    expect([...withheld, ...retain, ...gone].toSorted((a, b) => a - b)).toEqual(train);
    expect(withheld).toHaveLength(6);
    const config = { ...tinyForgetting(original), withhold: 0.25 };
    const blanked = await forgetStage(config, at("withheld-blanked"), quietContext({ data: blankedData(withheld) }));
    expect(shaOf(blanked)).toBe(shaOf(run));
  });
});

describe("options", () => {
  const ascent = { ...random, method: "gradient-ascent", options: { epochs: 1 } };

  it("have published values for the case where none are given, which are told and recorded", async () => {
    said.length = 0;
    const run = await forget("preset", ascent);
    expect(run.method).toMatchObject({
      options: { lr: 1e-3 },
      presets: [{ option: "lr", source: expect.stringContaining("Unlearn-Saliency issue 8") }],
    });
    expect(said).toContainEqual(expect.stringMatching(/^lr 0\.001: .*Unlearn-Saliency/));
    // A warning too: the method does not suit what is forgotten.
    expect(run.method?.caution).toMatch(/^Gradient ascent on images drawn from all classes/);
    expect(said).toContain(`note: ${run.method?.caution}`);
    expect(record.method).not.toHaveProperty("caution");
    const given = await prepare({ ...ascent, options: { epochs: 1, lr: 0.02 } });
    expect([given.options["lr"], given.presets]).toEqual([0.02, []]);
  });

  it("have no published value for suspects of a backdoor, which are no images drawn at random", async () => {
    const { options, presets } = await prepare({ ...ascent, cleanse: {} });
    expect([options["lr"], presets]).toEqual([1e-4, []]);
  });

  it("are the original's where the method says so", async () => {
    const { options } = await prepare({ method: "retrain", options: {} });
    expect(options).toMatchObject({ epochs: 2, lr: 0.05, form: "mask" });
    const sisa = await prepare({ method: "sisa", options: { shards: 2 } });
    expect(sisa.options).toMatchObject({ epochs: 2, shards: 2, slices: 4 });
  });
});

describe("what cannot be forgotten", () => {
  it.each<[Partial<ForgetConfig>, string, RegExp]>([
    [{ request: { kind: "class", classes: [9] } }, "E_ARG", /classes: expected .*9/],
    [{ request: { kind: "class", classes: [] } }, "E_ARG", /expected at least one class, got none$/],
    [{ request: { kind: "random", fraction: 1.5 } }, "E_ARG", /^random: expected/],
    [{ request: { kind: "ids", file: "/nowhere.csv" } }, "E_DATA", /^\/nowhere\.csv: expected a file that can be read/],
    [{ request: { kind: "none" } }, "E_ARG", /^finetune: expected images to forget, got none$/],
    [{ method: "finetun" }, "E_ARG", /got "finetun"$/],
    [{ options: { lr: 0 } }, "E_ARG", /lr/],
    [{ options: { epoch: 1 } }, "E_ARG", /epoch/],
    [{ batchSize: 0 }, "E_ARG", /^batch-size: expected an integer >= 1, got 0$/],
    [{ seed: -1 }, "E_ARG", /^seed: expected an integer >= 0, got -1$/],
    [{ withhold: 1 }, "E_ARG", /^withhold: expected a share between 0 and 1/],
    [{ engine: "sparse" }, "E_CONFIG", /got a model without a mask$/],
    [{ method: "retrain", options: { form: "exact" } }, "E_CONFIG", /^retrain form exact: expected a pruned original/],
    [{ model: at("nowhere") }, "E_CHECKPOINT", /expected a run folder, got no such folder$/],
  ])("is %j, and nothing is written", async (change, code, message) => {
    const error = await rejectionOf(forget("refused", change));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
    expect(existsSync(at("refused"))).toBe(false);
  });

  it("is more from a run that has forgotten already", async () => {
    expect((await rejectionOf(forget("twice", { model: at("forgotten") }))).message).toMatch(
      /got one that has forgotten already$/,
    );
    expect(existsSync(at("twice"))).toBe(false);
  });
});

it("says of a method that fails what went wrong, and leaves no model", async () => {
  const error = await rejectionOf(forget("failed", { options: { epochs: 1, lr: 1e30 } }));
  const { status, error: recorded, result } = RunFolder.open(at("failed")).readRecord();
  expect([status, recorded, result]).toEqual(["failed", { code: error.code, message: error.message }, undefined]);
  expect(existsSync(join(at("failed"), "model.safetensors"))).toBe(false);
});
