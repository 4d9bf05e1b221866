/** A stage that destroys its model ends as an error, by whatever method; nothing goes on from it, and no record holds what is no number. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  evaluateStage,
  forgetStage,
  pruneStage,
  quietContext,
  resumeStage,
  RunFolder,
  trainStage,
} from "../../src/stages/index.ts";
import { transferStage } from "../../src/stages/transfer/transfer.ts";
import { transferRecipe } from "../../src/stages/transfer/transfer-config.ts";
import { disposeAll, firstNotFinite, loadSafetensors, saveSafetensors, scope } from "../../src/torch/index.ts";
import { hashFileSync } from "../../src/util/hash.ts";
import { writeJson } from "../../src/util/files.ts";
import { rejectionOf } from "../support/rejection.ts";
import { tinyForgetting, tinyPruning, tinyTraining } from "../support/tiny-runs.ts";

const folder = mkdtempSync(join(tmpdir(), "coppice-destroyed-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const original = at("original");
const forgetting = tinyForgetting(original);
const { recipe } = tinyTraining;

beforeAll(async () => {
  await trainStage(tinyTraining, original, quietContext());
});

/** That the run in `out` failed with that error, and cannot be gone on from. */
async function expectFailed(out: string, work: Promise<unknown>): Promise<void> {
  const { code, message, hint } = await rejectionOf(work);
  expect(code).toBe("E_CONFIG");
  expect(message).toMatch(/: expected (a finite loss|finite weights and statistics)/);
  expect(hint).toContain("lower");
  const run = RunFolder.open(out);
  expect(run.readRecord()).toMatchObject({ status: "failed", error: { code, message } });
  expect(run.has("model")).toBe(false);
  for (const name of ["run.json", "metrics.jsonl"])
    if (existsSync(join(out, name)))
      expect(readFileSync(join(out, name), "utf8")).not.toMatch(/": ?(null|NaN|-?Infinity)/);
  const next = await rejectionOf(forgetStage({ ...forgetting, model: out }, `${out}-next`, quietContext()));
  expect(next.message).toContain("expected a finished run, got one that is failed");
  expect(existsSync(`${out}-next`)).toBe(false);
}

describe("a destroyed model", () => {
  it.each([
    ["training in its last step", { lr: 1e10, epochs: 1, batchSize: 16 }],
    ["training in its only step", { lr: 1e30, epochs: 1, batchSize: 64 }],
  ])("is an error after %s", async (name, changes) => {
    const out = at(name);
    const config = { ...tinyTraining, recipe: { ...recipe, ...changes } };
    await expectFailed(out, trainStage(config, out, quietContext()));
    expect((await rejectionOf(resumeStage(out, quietContext()))).code).toBe("E_CONFIG");
  });

  it.each([
    ["gradient-ascent", { epochs: 1, lr: 1e30 }],
    ["gradient-ascent", { epochs: 1, lr: 7000 }],
    ["influence", { samples: 8, alpha: 1e30 }],
    ["fisher", { alpha: 1e30 }],
    ["random-label", { epochs: 1, weightDecay: 1e25 }],
    ["retrain", { epochs: 1, lr: 1e30 }],
    ["sisa", { epochs: 1, shards: 2, slices: 1, lr: 1e30 }],
    ["cf-k", { epochs: 1, lr: 1e30 }],
    ["boundary-expand", { epochs: 1, lr: 1e30 }],
  ])("is an error after %s %j", async (method, options) => {
    const out = at(`${method}-${JSON.stringify(options).replaceAll(/\W/g, "")}`);
    await expectFailed(out, forgetStage({ ...forgetting, method, options }, out, quietContext()));
  });

  it("is not kept as a slice for later runs", () => {
    const kept = readdirSync(join(original, "slices"));
    expect(kept.length).toBeGreaterThan(0);
    for (const name of kept) {
      const { tensors } = loadSafetensors(join(original, "slices", name));
      expect(firstNotFinite(tensors)).toBeNull();
      disposeAll(tensors);
    }
  });

  it("is an error after a transfer, of the whole network or its head", async () => {
    for (const probe of ["full", "linear"] as const) {
      const changes = {
        ...transferRecipe,
        optimizer: "sgd",
        lr: 1e30,
        weightDecay: 1e30,
        epochs: 1,
        batchSize: 32,
      } as const;
      const config = {
        model: original,
        data: tinyTraining.data,
        probe,
        recipe: changes,
        validationFraction: 0,
        seed: 1,
        device: "cpu",
      };
      const out = at(`transfer-${probe}`);
      expect((await rejectionOf(transferStage(config, out, quietContext()))).code).toBe("E_CONFIG");
      expect(RunFolder.open(out).readRecord().status).toBe("failed");
    }
  });
});

describe("a run whose weights are not finite, as an earlier version has left it", () => {
  const broken = at("broken");

  beforeAll(async () => {
    await trainStage(tinyTraining, broken, quietContext());
    const run = RunFolder.open(broken);
    const { tensors, metadata } = loadSafetensors(run.file("model"));
    scope(() => void tensors.get("bn1.running_var")?.fill_(NaN));
    saveSafetensors(run.file("model"), tensors, metadata);
    disposeAll(tensors);
    const record = run.readRecord();
    writeJson(run.file("record"), {
      ...record,
      result: { ...record.result, modelSha256: hashFileSync(run.file("model")) },
    });
  });

  it("is refused by every stage before anything is written", async () => {
    const files = { allowUnverified: false };
    const config = {
      model: broken,
      data: tinyTraining.data,
      probe: "linear",
      recipe: transferRecipe,
      validationFraction: 0,
      seed: 1,
      device: "cpu",
    } as const;
    const stages: [string, (out: string) => Promise<unknown>][] = [
      ["forget", (out) => forgetStage({ ...forgetting, model: broken }, out, quietContext())],
      ["prune", (out) => pruneStage(tinyPruning(broken), out, quietContext())],
      ["transfer", (out) => transferStage(config, out, quietContext())],
      ["evaluate", () => evaluateStage({ model: broken, splitOf: broken, data: files, device: "cpu" }, quietContext())],
    ];
    for (const [name, stage] of stages) {
      const { code, message } = await rejectionOf(stage(at(`from-broken-${name}`)));
      expect([code, message.slice(broken.length)]).toEqual([
        "E_CHECKPOINT",
        "/model.safetensors: expected finite weights and statistics, got NaN or infinity in bn1.running_var",
      ]);
      expect(existsSync(at(`from-broken-${name}`))).toBe(false);
    }
  });
});
