import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type EvaluateConfig, type EvaluationRecord, parseEvaluationRecord } from "../../../src/record/index.ts";
import {
  DataContext,
  evaluateStage,
  forgetStage,
  openModel,
  quietContext,
  RunFolder,
  trainStage,
} from "../../../src/stages/index.ts";
import { arange, scope } from "../../../src/torch/index.ts";
import { sealRecord } from "../../../src/record/seal.ts";
import { rejectionOf } from "../../support/rejection.ts";
import { folderOfRuns, pruneTiny, tinyData, tinyForgetting, tinyTraining, trainTiny } from "../../support/tiny-runs.ts";

const runs = folderOfRuns();
const at = (name: string): string => join(runs, name);
const [original, forgotten, retrain] = [at("original"), at("forgotten"), at("retrain")];
const data = new DataContext();
const said: string[] = [];
const context = quietContext({ data, log: (message) => void said.push(message) });
const evaluate = (changes: Partial<EvaluateConfig> = {}): Promise<EvaluationRecord> =>
  evaluateStage(
    { model: forgotten, data: { allowUnverified: false }, device: "cpu", engine: "dense", ...changes },
    context,
  );
let record: EvaluationRecord;

beforeAll(async () => {
  await trainTiny(original);
  await forgetStage(tinyForgetting(original), forgotten, context);
  await forgetStage({ ...tinyForgetting(original), method: "retrain", options: { epochs: 1 } }, retrain, context);
  record = await evaluate();
});

const fileOf = (path: string): string => join(path, "evaluation.json");
const withoutTimes = ({
  createdAt: _createdAt,
  environment: _environment,
  recordHash: _hash,
  ...rest
}: EvaluationRecord): object => rest;

describe("the evaluation of a run that forgot", () => {
  it("lies beside it, in the documented form", () => {
    const text = readFileSync(fileOf(forgotten), "utf8");
    expect(parseEvaluationRecord(text, "evaluation.json")).toEqual(record);
    expect(record.run).toMatchObject({
      name: "forgotten",
      path: forgotten,
      method: "finetune",
      order: "dense",
      modelSha256: RunFolder.open(forgotten).requireFinished().result.modelSha256,
    });
    expect(record.split).toMatchObject({ hash: RunFolder.open(forgotten).readSplit().hash });
  });

  it("counts right answers on the forget, retained and test images of its split", async () => {
    const { train, test, dataset } = await data.load(tinyData, "cpu", () => undefined);
    using opened = await openModel(forgotten);
    const { indices } = RunFolder.open(forgotten).readSplit();
    const accuracy = (set: typeof train, part: readonly number[]): number =>
      scope(() => {
        const { images, labels } = set.subset(part, "images").take(arange(0, part.length), null);
        return opened.call(images).argmax(1).eq(labels).to("float32").mean().item();
      });
    expect(dataset.numClasses).toBe(4);
    expect(record.metrics.UA?.value).toBeCloseTo(1 - accuracy(train, indices.forget), 6);
    expect(record.metrics.RA.value).toBeCloseTo(accuracy(train, indices.retain), 6);
    expect(record.metrics.TA.value).toBeCloseTo(accuracy(test, indices.test), 6);
    expect([record.metrics.UA?.count, record.metrics.RA.count]).toEqual([indices.forget.length, indices.retain.length]);
    expect(record.metrics.RTE.seconds).toBe(RunFolder.open(forgotten).requireFinished().result.seconds);
  });

  it("has the scores of the model before, on the same images, and its loss", async () => {
    const before = await evaluate({ model: original, splitOf: forgotten });
    const { UA, RA, TA, MIA } = before.metrics;
    expect(record.before).toMatchObject({ name: "original", path: "../original", metrics: { UA, RA, TA, MIA } });
    expect(record.originalTrainLoss).toBe(RunFolder.open(original).requireFinished().result.trainLoss);
  });

  it("shows forget images with what both models say of them", () => {
    const { forget } = RunFolder.open(forgotten).readSplit().indices;
    expect(record.samples.map(({ index }) => index)).toEqual(forget);
    for (const { label, probabilityAfter, probabilityBefore } of record.samples) {
      expect(label).toBe(3);
      expect([probabilityAfter, probabilityBefore].every((p) => p !== undefined && p >= 0 && p <= 1)).toBe(true);
    }
  });

  it("is the same when it is done again", async () => {
    expect(withoutTimes(await evaluate())).toEqual(withoutTimes(record));
  });

  it("says of a pruned model how sparse it is and how it was computed", async () => {
    await pruneTiny(original, at("pruned"));
    await forgetStage(tinyForgetting(at("pruned")), at("sparse"), context);
    const sparse = await evaluate({ model: at("sparse") });
    expect(sparse.run).toMatchObject({
      order: "prune-first",
      sparsity: expect.closeTo(0.5, 2),
      engine: { name: "dense" },
    });
    expect(sparse.before?.sparsity).toBeCloseTo(0.5, 2);
    expect(record.run).not.toHaveProperty("engine");
  });
});

describe("the gap to Retrain", () => {
  it("is the distance of each score, and is taken from Retrain's own evaluation where there is one", async () => {
    said.length = 0;
    const compared = await evaluate({ oracle: retrain });
    expect(said).toContain("evaluating the oracle retrain");
    const own = await evaluate({ model: retrain });
    expect(compared.oracle).toMatchObject({ name: "retrain", path: "../retrain" });
    for (const name of ["UA", "RA", "TA"] as const) {
      const { value, gap, signedGap } = compared.metrics[name] ?? expect.fail();
      const mine = own.metrics[name]?.value ?? NaN;
      expect(compared.oracle?.metrics[name].value).toBe(mine);
      expect(signedGap).toBeCloseTo(value - mine, 12);
      expect(gap).toBeCloseTo(Math.abs(value - mine), 12);
    }
    expect(compared.disparityAverage).toBeGreaterThanOrEqual(0);
    said.length = 0;
    const again = await evaluate({ oracle: retrain });
    expect(said).not.toContain("evaluating the oracle retrain");
    expect(withoutTimes(again)).toEqual(withoutTimes(compared));
    expect(again.oracle?.metrics.UA).not.toHaveProperty("gap");
  });

  it("is not taken from an evaluation of other weights", async () => {
    const known = JSON.parse(readFileSync(fileOf(forgotten), "utf8")) as EvaluationRecord;
    const elsewhere = at("elsewhere.json");
    const other = { ...known, run: { ...known.run, modelSha256: "0".repeat(64) } };
    writeFileSync(elsewhere, JSON.stringify(other));
    await expect(evaluate({ oracle: retrain, oracleEvaluation: elsewhere })).rejects.toThrow(
      `${elsewhere}: expected content of hash ${known.recordHash}, got`,
    );
    writeFileSync(elsewhere, JSON.stringify(sealRecord(other)));
    said.length = 0;
    await evaluate({ oracle: retrain, oracleEvaluation: elsewhere });
    expect(said).toContain("evaluating the oracle retrain");
  });

  it("is none to a run that is no Retrain, or of another forget set", async () => {
    expect(await rejectionOf(evaluate({ oracle: forgotten }))).toMatchObject({
      code: "E_CONFIG",
      message: `${forgotten}: expected a run of method retrain as oracle, got finetune`,
    });
    expect((await rejectionOf(evaluate({ oracle: original }))).message).toMatch(/got train$/);
    const other = { ...tinyForgetting(original), method: "retrain", options: { epochs: 1 } };
    await forgetStage({ ...other, request: { kind: "class", classes: [0] } }, at("other"), context);
    expect((await rejectionOf(evaluate({ oracle: at("other") }))).message).toContain(at("other"));
  });
});

describe("where the record goes", () => {
  it("is nowhere for an original that is scored on another run's forget set", async () => {
    const before = readdirSync(original);
    const { before: none, samples } = await evaluate({ model: original, splitOf: forgotten });
    expect(readdirSync(original)).toEqual(before);
    expect(none).toBeUndefined();
    expect(samples[0]).not.toHaveProperty("probabilityBefore");
  });

  it("is a folder of the caller's choice, which is made", async () => {
    const out = join(runs, "results", "first");
    const written = await evaluate({ model: original, splitOf: forgotten, out });
    expect(readdirSync(out)).toEqual(["evaluation.json"]);
    expect(JSON.parse(readFileSync(fileOf(out), "utf8"))).toEqual(written);
  });
});

describe("what cannot be evaluated", () => {
  it("is a run that forgets nothing, unless a forget set is named", async () => {
    const error = await rejectionOf(evaluate({ model: original }));
    expect([error.code, error.message]).toEqual([
      "E_CONFIG",
      `${original}: expected a run with a forget set, got one that forgets nothing`,
    ]);
    expect(existsSync(fileOf(original))).toBe(false);
  });

  it("is a run on the split of another original", async () => {
    await trainTiny(at("second"), { seed: 2 });
    const error = await rejectionOf(evaluate({ model: at("second"), splitOf: forgotten }));
    expect(error.message).toContain(at("second"));
  });

  it("is a run whose original was replaced after it", async () => {
    await trainTiny(at("first"));
    await forgetStage(tinyForgetting(at("first")), at("orphan"), context);
    const { modelSha256 } = RunFolder.open(at("first")).requireFinished().result;
    const force = quietContext({ data, force: true });
    const recipe = { ...tinyTraining.recipe, epochs: 1 };
    const replaced = await trainStage({ ...tinyTraining, recipe }, at("first"), force);
    expect(await rejectionOf(evaluate({ model: at("orphan") }))).toMatchObject({
      code: "E_CHECKPOINT",
      message: `${at("first")}: expected the model of SHA-256 ${modelSha256}, got ${replaced.result?.modelSha256}`,
    });
    expect(existsSync(fileOf(at("orphan")))).toBe(false);
  });

  it("is a run with settings that there are none of", async () => {
    expect((await rejectionOf(evaluate({ engine: "sparse" as never }))).code).toBe("E_ARG");
    expect((await rejectionOf(evaluate({ model: at("nowhere") }))).code).toBe("E_CHECKPOINT");
  });
});
