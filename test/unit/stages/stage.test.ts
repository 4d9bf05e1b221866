import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { makeBaseSplit } from "../../../src/data/split.ts";
import type { RunRecord } from "../../../src/record/index.ts";
import { beginRun } from "../../../src/stages/begin-run.ts";
import { type LoadedData, part } from "../../../src/stages/data-context.ts";
import { DataContext, quietContext, type RunFolder } from "../../../src/stages/index.ts";
import { freshModel, modelRecord } from "../../../src/stages/model-file.ts";
import { makeOptimizer, makeSchedule } from "../../../src/stages/recipe.ts";
import { makeTrainer, type Outcome, runRecorded, runStage, type StageContext } from "../../../src/stages/stage.ts";
import { specFor } from "../../../src/stages/train.ts";
import { saveSafetensors, scope } from "../../../src/torch/index.ts";
import { Interrupted, type Trainer } from "../../../src/train/index.ts";
import { CoppiceError } from "../../../src/util/errors.ts";
import { sha256Hex } from "../../../src/util/hash.ts";
import { rejectionOf } from "../../support/rejection.ts";
import { stopAfter } from "../../support/stop-after.ts";
import { folderOfRuns, tinyData, tinyTraining } from "../../support/tiny-runs.ts";

const runs = folderOfRuns();
let loaded: LoadedData;
let split: ReturnType<typeof makeBaseSplit>;

beforeAll(async () => {
  loaded = await new DataContext().load(tinyData, "cpu", () => undefined);
  split = makeBaseSplit(loaded.dataset, { seed: 1, validationFraction: 0.2 });
});

const { recipe } = tinyTraining;
const newModel = (): ReturnType<typeof freshModel> => freshModel(specFor(tinyTraining, loaded), 1, "cpu");

interface Begun {
  readonly folder: RunFolder;
  readonly record: RunRecord;
}

function begin(name: string): Begun {
  const start = {
    kind: "train",
    config: tinyTraining,
    seed: 1,
    device: "cpu",
    model: modelRecord(newModel()),
    loaded,
    split,
    reads: [],
  } as const;
  const begun = beginRun(join(runs, name), start, quietContext());
  onTestFinished(() => begun.folder[Symbol.dispose]());
  return begun;
}

function trainerOf(
  folder: RunFolder,
  model: ReturnType<typeof newModel>,
  context: StageContext = quietContext(),
): Trainer {
  const validation = part(loaded, split, "validation");
  return makeTrainer({
    folder,
    context,
    model,
    mask: null,
    seed: 1,
    device: "cpu",
    batchSize: 16,
    augment: false,
    validation,
  });
}

async function fit(trainer: Trainer, epochs = 2): Promise<void> {
  const optimizer = makeOptimizer(trainer.model.namedParameters(), recipe);
  await trainer.fit(part(loaded, split, "train"), { epochs, optimizer, schedule: makeSchedule(recipe) });
}

/** A stage that trains one epoch. */
async function train(folder: RunFolder): Promise<Outcome> {
  const model = newModel();
  const trainer = trainerOf(folder, model);
  await fit(trainer, 1);
  return {
    model,
    mask: null,
    trainer,
    trainedOn: part(loaded, split, "train"),
    validation: part(loaded, split, "validation"),
  };
}

describe("the record of a stage", () => {
  it("says that it runs while it does, and what came of it when it is finished", async () => {
    const { folder, record } = begin("finished");
    let during: string | undefined;
    const finished = await runStage(folder, record, async () => {
      during = folder.readRecord().status;
      return await train(folder);
    });
    expect([during, finished.status]).toEqual(["running", "finished"]);
    expect(folder.readRecord()).toEqual(finished);
    expect(finished.result).toMatchObject({
      epochs: 1,
      steps: 2,
      modelSha256: sha256Hex(readFileSync(folder.file("model"))),
    });
    expect(Date.parse(finished.finishedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(finished.startedAt));
    const { trainLoss, trainAccuracy, validationAccuracy, seconds, dataSeconds, peakMiB } =
      finished.result ?? ({} as never);
    expect([trainAccuracy * 32, (validationAccuracy ?? NaN) * 8].every(Number.isInteger)).toBe(true);
    for (const value of [trainLoss, seconds, dataSeconds, peakMiB]) expect(value).toBeGreaterThan(0);
    expect(folder.requireFinished()).toEqual(finished);
  });

  it.each<[string, Error, object]>([
    ["a refusal", new CoppiceError("E_DATA", "no images"), { code: "E_DATA", message: "no images" }],
    ["a defect", new TypeError("x is undefined"), { code: "E_INTERNAL", message: "x is undefined" }],
  ])("says how it failed: %s", async (name, error, expected) => {
    const { folder, record } = begin(name);
    await expect(runStage(folder, record, () => Promise.reject(error))).rejects.toBe(error);
    expect(folder.readRecord()).toEqual({ ...record, status: "failed", error: expected });
    expect(folder.has("model")).toBe(false);
    expect(() => folder.requireFinished()).toThrow(/expected a finished run, got one that is failed/);
  });

  it("says that it was interrupted, which is no failure", async () => {
    const { folder, record } = begin("interrupted");
    await expect(runRecorded(folder, record, () => Promise.reject(new Interrupted()))).rejects.toBeInstanceOf(
      Interrupted,
    );
    expect(folder.readRecord()).toEqual({ ...record, status: "interrupted" });
  });

  it("passes on what was computed", async () => {
    const { folder, record } = begin("passes");
    expect(await runRecorded(folder, record, () => Promise.resolve(7))).toBe(7);
    expect(folder.readRecord().status).toBe("running");
  });
});

describe("a stage that has destroyed its model", () => {
  const destroyed = async (name: string, entry: string, value: number): Promise<[RunRecord, CoppiceError]> => {
    const { folder, record } = begin(name);
    const error = await rejectionOf(
      runStage(folder, record, async () => {
        const outcome = await train(folder);
        scope(() => outcome.model.stateDict().get(entry)?.detach().reshape([-1]).select(0, 0).fill_(value));
        return outcome;
      }),
    );
    expect(folder.has("model")).toBe(false);
    return [folder.readRecord(), error];
  };

  it.each([
    ["a weight", "conv1.weight", NaN],
    ["a bias", "fc.bias", Infinity],
    ["a running mean", "bn1.running_mean", -Infinity],
    ["a running variance", "layer3.2.bn2.running_var", NaN],
  ])("fails, and says which is not finite: %s", async (name, entry, value) => {
    const [record, { code, message, hint }] = await destroyed(name, entry, value);
    expect(record).toMatchObject({ status: "failed", error: { code, message } });
    expect(record).not.toHaveProperty("result");
    expect(message).toBe(`train: expected finite weights and statistics, got NaN or infinity in ${entry}`);
    expect(hint).toContain("lower the learning rate (--lr)");
  });

  it("fails when its outputs alone are not finite", async () => {
    const [record, { message }] = await destroyed("outputs", "fc.weight", 3e38);
    expect(record.status).toBe("failed");
    expect(message).toMatch(/^train: expected a finite loss on the images trained on, got (NaN|Infinity)$/);
  });
});

describe("what a finished stage needs no more", () => {
  it("is removed: checkpoint and snapshots", async () => {
    const { folder, record } = begin("tidy");
    await runStage(folder, record, async () => {
      const outcome = await train(folder);
      saveSafetensors(folder.file("checkpoint"), outcome.model.stateDict(), {});
      return outcome;
    });
    expect([folder.has("checkpoint"), existsSync(folder.folder("snapshots"))]).toEqual([false, false]);
  });

  it("is kept where the stage did not end", async () => {
    const { folder, record } = begin("kept");
    const trainer = trainerOf(folder, newModel(), stopAfter(3));
    await expect(runRecorded(folder, record, () => fit(trainer))).rejects.toBeInstanceOf(Interrupted);
    expect(folder.has("checkpoint")).toBe(true);
  });
});

describe("the trainer of a stage", () => {
  it("goes on where the checkpoint was written, and says so", async () => {
    const { folder } = begin("resumed");
    await expect(fit(trainerOf(folder, newModel(), stopAfter(3)))).rejects.toBeInstanceOf(Interrupted);
    const said: string[] = [];
    const model = newModel();
    await fit(trainerOf(folder, model, quietContext({ log: (message) => void said.push(message) })));
    expect(said).toEqual(["resuming after epoch 1, step 1"]);
    const { folder: other } = begin("whole");
    const whole = newModel();
    await fit(trainerOf(other, whole));
    const values = (of: typeof model): number[][] => [...of.stateDict().values()].map((value) => value.toArray());
    expect(values(model)).toEqual(values(whole));
    const lines = (run: RunFolder): object[] => run.readMetrics().map(({ seconds: _seconds, ...line }) => line);
    expect(lines(folder)).toEqual(lines(other));
    expect(lines(folder)).toHaveLength(2);
  });

  it("forgets lines of epochs that no checkpoint has", () => {
    const { folder } = begin("lines");
    folder.appendMetric({ epoch: 1, step: 2, learningRate: 0.1, loss: 1, accuracy: 0.5, seconds: 1 });
    trainerOf(folder, newModel());
    expect(folder.readMetrics()).toEqual([]);
  });

  it("notes after each epoch what the caller measures, of the model as it is then", async () => {
    const { folder } = begin("measured");
    const model = newModel();
    const seen: unknown[] = [];
    const afterEpoch: StageContext["afterEpoch"] = (current) => {
      seen.push(current);
      return { testAccuracy: seen.length / 4 };
    };
    await fit(trainerOf(folder, model, quietContext({ afterEpoch })));
    expect(seen).toEqual([model, model]);
    const lines = folder.readMetrics();
    expect(lines.map(({ epoch, testAccuracy }) => [epoch, testAccuracy])).toEqual([
      [1, 0.25],
      [2, 0.5],
    ]);
    for (const { validationAccuracy } of lines) expect((validationAccuracy ?? NaN) * 8).toSatisfy(Number.isInteger);
  });
});
