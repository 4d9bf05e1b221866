/** What takes several trainings ends with the same bytes when it is interrupted anywhere and resumed; and what only whole stages show of it. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  evaluateStage,
  forgetStage,
  pruneStage,
  quietContext,
  resumeStage,
  type StageContext,
  trainStage,
} from "../../src/stages/index.ts";
import type { RunRecord } from "../../src/record/index.ts";
import { Mask } from "../../src/prune/index.ts";
import { loadSafetensors, scope } from "../../src/torch/index.ts";
import type { OptionValue } from "../../src/unlearn/index.ts";
import "../support/one-thread.ts";

const folder = mkdtempSync(join(tmpdir(), "coppice-resume-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

const recipe = {
  epochs: 2,
  batchSize: 32,
  optimizer: "sgd",
  lr: 0.05,
  momentum: 0.9,
  weightDecay: 5e-4,
  nesterov: false,
  schedule: "multistep",
  milestones: [0.5],
  warmupEpochs: 0,
  augment: true,
} as const;
const data = { name: "embedded", allowUnverified: false, numTrain: 100, numTest: 30 };
const split = { mode: "standard", validationFraction: 0.1 } as const;
const original = {
  data,
  split,
  arch: "resnet20s",
  stem: "cifar",
  recipe,
  rewindEpoch: 1,
  seed: 1,
  device: "cpu",
} as const;
const sharded = { ...original, sharding: { shards: 2, slices: 2 } };
const pruning = {
  model: at("dense"),
  pruner: "omp",
  sparsity: 0.9,
  data: { allowUnverified: false },
  seed: 1,
  device: "cpu",
};

beforeAll(async () => {
  await trainStage(original, at("dense"), quietContext());
  await pruneStage({ ...pruning, engine: "dense" }, at("pruned"), quietContext());
  await pruneStage({ ...pruning, engine: "dense", pruner: "snip", rewind: "epoch" }, at("snip"), quietContext());
  await trainStage(sharded, at("shards"), quietContext());
});

function forget(
  method: string,
  model: string,
  options: Record<string, OptionValue>,
  request: object = { kind: "random", count: 3 },
) {
  const config = { model: at(model), request, method, options, batchSize: 32, data: { allowUnverified: false } };
  return (out: string, context: StageContext): Promise<RunRecord> =>
    forgetStage({ ...config, seed: 1, device: "cpu", engine: "dense" } as never, out, context);
}

const prune = (changes: object) => (out: string, context: StageContext) =>
  pruneStage({ ...pruning, engine: "dense", ...changes }, out, context);

const stages: Record<string, (out: string, context: StageContext) => Promise<RunRecord>> = {
  "retrain exact": forget("retrain", "pruned", { form: "exact" }),
  "SCRUB with rewinding": forget("scrub", "dense", { epochs: 3, rewind: "validation" }),
  "boundary expand": forget("boundary-expand", "dense", { epochs: 8, lr: 0.01 }, { kind: "class", classes: [1] }),
  SISA: forget("sisa", "dense", { shards: 2, slices: 2 }),
  "SISA under a mask": forget("sisa", "pruned", { shards: 2, slices: 2 }),
  "training in shards": (out, context) => trainStage(sharded, out, context),
  "iterative pruning": prune({ pruner: "imp", sparsity: 0.45 }),
  "iterative pruning on live weights": prune({ pruner: "imp", sparsity: 0.45, engine: "sparse" }),
  "retrain exact of a mask found before training": forget("retrain", "snip", { form: "exact" }),
  "retrain of an ensemble": forget("retrain", "shards", {}),
  "retrain exact, sharpness-aware": forget("retrain", "pruned", { form: "exact", sam: 0.5 }),
  "retrain of an ensemble, sharpness-aware": forget("retrain", "shards", { sam: 0.5 }),
};

/** Stops after `steps` steps, resumes, and so on, until it ends. */
async function inPieces(stage: (typeof stages)[string], out: string, steps: number): Promise<[RunRecord, number]> {
  for (let pieces = 0; ; pieces++) {
    const controller = new AbortController();
    let left = steps;
    const context = quietContext({
      signal: controller.signal,
      onProgress: () => void (--left === 0 && controller.abort()),
    });
    try {
      return [await (pieces === 0 ? stage(out, context) : resumeStage(out, context)), pieces];
    } catch (error) {
      if (!controller.signal.aborted) throw error;
    }
  }
}

describe.each(Object.keys(stages))("%s", (name) => {
  it("ends with the same bytes when it is interrupted after every fifth step", async () => {
    const stage = stages[name] as (typeof stages)[string];
    const clear = (): void =>
      ["dense", "pruned"].forEach((run) => rmSync(join(at(run), "slices"), { recursive: true, force: true }));
    clear();
    const whole = await stage(at(`${name} whole`), quietContext());
    clear();
    const [pieced, pieces] = await inPieces(stage, at(`${name} in pieces`), 5);
    expect(pieces).toBeGreaterThan(0);
    expect(pieced.status).toBe("finished");
    expect(pieced.result?.modelSha256).toBe(whole.result?.modelSha256);
    expect(existsSync(join(at(`${name} in pieces`), "snapshots"))).toBe(false);
    expect(pieced.result?.steps).toBe(whole.result?.steps);
    expect(pieced.engine?.name).toBe(whole.engine?.name);
  });
});

it("a slice that was lost between interruption and resume is not made up", async () => {
  const controller = new AbortController();
  let steps = 0;
  const context = quietContext({
    signal: controller.signal,
    onProgress: () => void (++steps === 4 && controller.abort()),
  });
  rmSync(join(at("dense"), "slices"), { recursive: true, force: true });
  const stage = stages["SISA"] as (typeof stages)[string];
  await expect(stage(at("lost"), context)).rejects.toThrow();
  rmSync(join(at("dense"), "slices"), { recursive: true });
  await expect(resumeStage(at("lost"), quietContext())).rejects.toThrow(
    "sisa: expected the weights of a slice of shard 1 that was trained before the interruption, got none",
  );
  expect(existsSync(join(at("dense"), "slices"))).toBe(false);
});

describe("what cannot be done is refused before anything is written", () => {
  it.each([
    ["finetune", "shards", {}, {}, "finetune: expected an original of one network, got the ensemble of 2"],
    ["fisher", "shards", {}, {}, "fisher: expected an original of one network"],
    ["retrain", "pruned", { form: "exact", epochs: 1 }, {}, "form exact: expected the original's 2 epochs, got 1"],
    [
      "retrain",
      "pruned",
      { form: "exact" },
      { engine: "sparse" },
      "got one for a method that needs all weights, to find another mask",
    ],
    ["retrain", "dense", { sam: -1 }, {}, "retrain sam: expected a number >= 0, got -1"],
    ["fisher", "pruned", {}, { engine: "sparse" }, "got one for a method that needs the shape of whole weights"],
    ["sisa", "dense", { slices: 7 }, {}, "slices: expected few enough for the last one to be trained on, got 7 for 2"],
    ["sisa", "dense", { shards: 60 }, {}, "shards: expected at least one of 87 images for each slice, got 60 shards"],
    ["cf-k", "dense", { layers: 99 }, {}, "cf-k layers: expected a number in [1, "],
    ["eu-k", "dense", { layers: 99 }, {}, "eu-k layers: expected a number in [1, "],
    ["unsir", "dense", {}, {}, "unsir: expected whole classes to forget, got single images"],
  ])("%s of %s with %o %o", async (method, model, options, changes, message) => {
    const config = { model: at(model), request: { kind: "random", count: 3 }, method, options, batchSize: 32, seed: 1 };
    const rest = { data: { allowUnverified: false }, device: "cpu", ...changes };
    // An earlier run that would be replaced; it need not be whole.
    const out = at("earlier");
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, "run.json"), "{}");
    await expect(forgetStage({ ...config, ...rest } as never, out, quietContext({ force: true }))).rejects.toThrow(
      message,
    );
    expect(readdirSync(out)).toEqual(["run.json"]);
  });

  it.each([
    [{ allocation: "n:m", sparsity: 0.95 }, "n:m: expected sparsity 0.25, 0.5 or 0.75"],
    [
      { allocation: "n:m", sparsity: 0.5, pruner: "synflow" },
      "allocation n:m: expected a pruner of one step, got synflow",
    ],
    [{ allocation: "n:m", sparsity: 0.5, pruner: "imp" }, "allocation n:m: expected a pruner of one step, got imp"],
  ])("pruning with %o", async (changes, message) => {
    const before = readdirSync(at("pruned"));
    await expect(pruneStage({ ...pruning, ...changes }, at("pruned"), quietContext({ force: true }))).rejects.toThrow(
      message,
    );
    expect(readdirSync(at("pruned"))).toEqual(before);
  });
});

it("a budget of multiplications is for the last round of iterative pruning", async () => {
  const changes = { pruner: "imp", allocation: "flops", flops: 0.3, sparsity: 0.9, epochs: 0 };
  const record = await prune(changes)(at("budget"), quietContext());
  expect(record.mask?.sparsity).toBeCloseTo(0.9, 3);
});

it("an ensemble forgets by training a part of its slices, is evaluated, and recorded as what it is", async () => {
  await trainStage(sharded, at("ensemble"), quietContext());
  const said: string[] = [];
  const context = quietContext({ log: (line) => void said.push(line) });
  const record = await forget("sisa", "ensemble", {}, { kind: "random", count: 1 })(at("deleted"), context);
  expect(record.model.members).toBe(2);
  expect(record.method?.options).toMatchObject({ shards: 2, slices: 2 });
  const line = said.find((text) => text.includes("slices are to be trained"));
  expect(line).toMatch(/^[12] of 4 slices .* 1 of 2 shards change$/);
  rmSync(join(at("dense"), "slices"), { recursive: true, force: true });
  const scratch = await forget(
    "sisa",
    "dense",
    { shards: 2, slices: 2 },
    { kind: "random", count: 1 },
  )(at("scratch"), context);
  expect(record.result?.steps).toBeLessThan(scratch.result?.steps ?? 0);
  const evaluation = await evaluateStage(
    { model: at("deleted"), data: { allowUnverified: false }, device: "cpu" },
    quietContext(),
  );
  expect(evaluation.metrics.TA.value).toBeGreaterThan(0);
  await expect(pruneStage({ ...pruning, model: at("ensemble") }, at("no"), context)).rejects.toThrow(
    "expected one network to prune, got an ensemble of shards",
  );
});

it("exact retraining finds a separate mask, as sparse, without having seen the forget data", async () => {
  const record = await forget("retrain", "pruned", { form: "exact" })(at("exact"), quietContext());
  expect(record.mask?.sparsity).toBeCloseTo(0.9, 3);
  scope(() => {
    const hash = (run: string): string | undefined =>
      Mask.fromState(loadSafetensors(join(at(run), "model.safetensors")).tensors)?.hash;
    expect(hash("exact")).not.toBe(hash("pruned"));
  });
  await expect(forget("retrain", "dense", { form: "exact" })(at("no"), quietContext())).rejects.toThrow(
    "retrain form exact: expected a pruned original, got the dense one",
  );
  expect(existsSync(at("no"))).toBe(false);
});

it("SCRUB rewinds only with images held out of training", async () => {
  const none = { ...original, split: { mode: "standard", validationFraction: 0 } } as const;
  await trainStage({ ...none, recipe: { ...recipe, epochs: 1 } }, at("no-validation"), quietContext());
  const stage = forget("scrub", "no-validation", { rewind: "validation" });
  await expect(stage(at("no"), quietContext())).rejects.toThrow(
    "scrub: expected images held out of training, of the kind that is forgotten, got an original trained with none",
  );
  expect(existsSync(at("no"))).toBe(false);
});

describe("pruning", () => {
  it("in rounds leaves a run of each, sparser and sparser", async () => {
    const record = await prune({ pruner: "imp", sparsity: 0.45, epochs: 0 })(at("rounds"), quietContext());
    expect(record.mask?.sparsity).toBeCloseTo(0.45, 3);
    const earlier = ["round-01", "round-02"].map((round) => join(at("rounds"), "rounds", round, "model.safetensors"));
    scope(() => {
      const masks = [...earlier, join(at("rounds"), "model.safetensors")].map((file) => {
        const mask = Mask.fromState(loadSafetensors(file).tensors);
        return new Map([...(mask?.toState() ?? [])]);
      });
      const kept = masks.map((mask) =>
        [...mask.values()].reduce((sum, bits) => sum + bits.to("float64").sum().item(), 0),
      );
      expect(kept).toEqual(kept.toSorted((a, b) => b - a));
      for (const [name, bits] of masks[1] ?? []) {
        const fewer = masks[2]?.get(name);
        expect(fewer?.gt(bits).any().item(), name).toBe(0);
      }
    });
    await expect(prune({ rate: 0.3 })(at("no"), quietContext())).rejects.toThrow(
      "rate: expected with a pruner of several rounds (imp) only, got omp",
    );
  });

  it("reaches the classifier if asked, on either engine, and nothing masked moves", async () => {
    for (const engine of ["dense", "sparse"] as const) {
      const out = at(`linear-${engine}`);
      const record = await prune({ layers: "conv+linear", engine })(out, quietContext());
      expect(record.mask?.layers.at(-1)?.name).toBe("fc.weight");
      scope(() => {
        const { tensors } = loadSafetensors(join(out, "model.safetensors"));
        for (const [name, kept] of Mask.fromState(tensors)?.toState() ?? expect.fail("no mask")) {
          const weight = tensors.get(name.replace(/_mask$/, ""));
          expect(weight?.mul(kept.logicalNot()).abs().sum().item(), name).toBe(0);
        }
      });
    }
  });

  it("leaves every layer a weight if asked, and says what no pruner can reach", async () => {
    const empty = await prune({ sparsity: 0.9995, epochs: 0 })(at("empty"), quietContext());
    expect(empty.mask?.layers.some(({ nonzero }) => nonzero === 0)).toBe(true);
    const whole = await prune({ sparsity: 0.9995, epochs: 0, keepConnected: true })(at("connected"), quietContext());
    expect(whole.mask?.layers.some(({ nonzero }) => nonzero === 0)).toBe(false);
    expect(whole.mask?.sparsity).toBe(empty.mask?.sparsity);
    await expect(prune({ sparsity: 0.9999999 })(at("none"), quietContext())).rejects.toThrow(
      /^sparsity: expected at most 0\.99999\d of 267696 weights to be removed, got 0\.9999999, which leaves none$/,
    );
    await expect(prune({ sparsity: 0.9, allocation: "n:m" })(at("four"), quietContext())).rejects.toThrow(
      "n:m: expected sparsity 0.25, 0.5 or 0.75",
    );
  });
});
