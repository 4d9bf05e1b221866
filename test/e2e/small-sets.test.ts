/** One record is the commonest request: every method forgets a single image, in batches of one and beside sets that leave one over, or says why it cannot. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forgetStage, pruneStage, quietContext, trainStage } from "../../src/stages/index.ts";
import type { RunRecord, TrainConfig } from "../../src/record/index.ts";
import { methods, type OptionValue } from "../../src/unlearn/index.ts";
import { CoppiceError } from "../../src/util/errors.ts";
import { rejectionOf } from "../support/rejection.ts";
import { tinyTraining } from "../support/tiny-runs.ts";

const folder = mkdtempSync(join(tmpdir(), "coppice-small-sets-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

/** As little work as each takes. */
const small: Readonly<Record<string, OptionValue>> = {
  epochs: 1,
  maxEpochs: 1,
  samples: 4,
  noiseImages: 2,
  noiseSteps: 1,
  noiseRepeats: 1,
  iterations: 2,
  rounds: 1,
  slices: 1,
};
/** 32 images are trained on: 31 are retained, one more than two batches of 15. */

const training: TrainConfig = {
  ...tinyTraining,

  split: { mode: "standard", validationFraction: 0.15 },
  recipe: { ...tinyTraining.recipe, epochs: 1, batchSize: 11 },
};
/** Why a method cannot forget a single image. */
const refusals: Readonly<Record<string, RegExp>> = { unsir: /^unsir: expected whole classes to forget/ };

beforeAll(async () => {
  await trainStage(training, at("dense"), quietContext());
  const pruning = { pruner: "omp", sparsity: 0.9, data: { allowUnverified: false }, seed: 1, device: "cpu" } as const;
  await pruneStage({ model: at("dense"), ...pruning, engine: "dense" }, at("pruned"), quietContext());
});

const names = methods.map(({ name }) => name);
/** Methods that need more than live weights. */
const denseOnly = new Set(
  methods.filter((method) => "needsDense" in method || "makesMask" in method).map(({ name }) => name),
);

async function forgetOne(method: string, parent: "dense" | "pruned", batchSize: number): Promise<RunRecord> {
  const own = Object.keys(methods.find(({ name }) => name === method)?.options ?? {});
  const options = Object.fromEntries(Object.entries(small).filter(([name]) => own.includes(name)));
  const out = at(`${method}-${parent}-${batchSize}`);
  const engine = parent === "pruned" && !denseOnly.has(method) ? "sparse" : "dense";
  const request = { kind: "random", count: 1 } as const;
  const rest = { data: { allowUnverified: false }, seed: 1, device: "cpu", engine } as const;
  try {
    return await forgetStage({ model: at(parent), request, method, options, batchSize, ...rest }, out, quietContext());
  } catch (error) {
    if (error instanceof CoppiceError && !error.message.startsWith("internal")) expect(existsSync(out)).toBe(false);
    throw error;
  }
}

describe.each(["dense", "pruned"] as const)("from the %s model, a single image", (parent) => {
  it.each(names.flatMap((name) => [1, 15].map((batchSize) => [name, batchSize] as const)))(
    "is forgotten by %s in batches of %i, or the method says why not",
    async (method, batchSize) => {
      const refusal = refusals[method];
      if (refusal !== undefined) {
        expect((await rejectionOf(forgetOne(method, parent, batchSize))).message).toMatch(refusal);
        return;
      }
      const { status, split, result } = await forgetOne(method, parent, batchSize);
      expect([status, split.counts.forget, split.counts.retain]).toEqual(["finished", 1, 31]);
      expect(Number.isFinite(result?.trainLoss)).toBe(true);
      const normalised = /^(clp|fisher|influence|ssd)$/.test(method) ? 0 : 1;
      if (batchSize === 1 && !/^anp$/.test(method)) expect(result?.notes ?? []).toHaveLength(normalised);
    },
  );
});

describe("a network whose last maps have one pixel", () => {
  const narrow: TrainConfig = {
    ...training,
    data: { ...tinyTraining.data, numTrain: 65 },
    split: { mode: "standard", validationFraction: 0 },
    arch: "resnet18",
    stem: "imagenet",
    recipe: { ...training.recipe, batchSize: 64 },
  };
  const forget = (method: string, out: string): Promise<RunRecord> => {
    const request = { kind: "random", count: 1 } as const;
    const rest = { options: {}, batchSize: 32, data: { allowUnverified: false }, seed: 1, device: "cpu" };
    return forgetStage({ model: at("narrow"), request, method, ...rest }, at(out), quietContext());
  };

  it("is trained on one image more than fit into a batch, in one step, as the record says", async () => {
    const { status, result } = await trainStage(narrow, at("narrow"), quietContext());
    expect([status, result?.steps, result?.notes]).toEqual(["finished", 1, undefined]);
  });

  it("forgets a single image by methods that do not train on it by itself, and refuses the others before anything is written", async () => {
    expect((await forget("ssd", "narrow-ssd")).status).toBe("finished");
    const refused = await rejectionOf(forget("gradient-ascent", "narrow-ascent"));
    expect(refused.message).toMatch(/^gradient-ascent: expected at least two images at once/);
    expect(existsSync(at("narrow-ascent"))).toBe(false);
  });

  it.each([{ batchSize: 1 }, { epochs: 1, batchSize: 64 }])("is refused single images up front: %j", async (recipe) => {
    const numTrain = recipe.batchSize === 1 ? 65 : 1;
    const config = { ...narrow, data: { ...narrow.data, numTrain }, recipe: { ...narrow.recipe, ...recipe } };
    const refused = await rejectionOf(trainStage(config, at("single"), quietContext()));
    expect(refused.message).toMatch(/^train: expected at least two images at once/);
    expect(existsSync(at("single"))).toBe(false);
  });
});
