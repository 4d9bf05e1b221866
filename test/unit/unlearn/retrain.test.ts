/** Retraining with its own mask, against the reference implementation's pipelines of training, pruning and rewinding. */
import { describe, expect, it } from "vitest";
import { multiStep, sgd } from "../../../src/optim/index.ts";
import { makeMask } from "../../../src/stages/pruning.ts";
import { type Mask, roundSparsities } from "../../../src/prune/index.ts";
import type { Tensor } from "../../../src/torch/index.ts";
import { retrain } from "../../../src/unlearn/index.ts";
import type { MethodContext, PruningRecipe, TrainingRecipe } from "../../../src/unlearn/index.ts";
import { concatenate } from "../../../src/unlearn/tools/sources.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { readGoldenState } from "../../support/tiny-net.ts";
import { expectState, tinyContext } from "../../support/tiny-unlearning.ts";
import {
  combined,
  expectHead,
  freshSeed,
  gradientOf,
  headOf,
  linearContext,
  linearNet,
  type Matrix,
  rowsOf,
} from "../../support/linear-unlearning.ts";

interface Pipeline {
  readonly epochs: number;
  readonly lr: number;
  readonly momentum: number;
  readonly weight_decay: number;
  readonly rewind: number;
  /** Epochs, by commas. */
  readonly decreasing: string;
  /** Share of the remaining weights that a pruning removes. */
  readonly rate: number;
}

const pipelines = readGoldenJson<{
  readonly omp_pipeline: Pipeline & { readonly total: number };
  readonly imp_pipeline: Pipeline & { readonly rounds_info: readonly { readonly sparsity: number }[] };
}>("masks/masks.json");
const weights = pipelines.omp_pipeline.total;
const usual = { form: "mask", sam: 0, samForm: "adaptive" } as const;

/** Everything as in the fixtures: images of both parts, from the initial weights, rates divided by ten at the milestones. */
function pipeline(sparsities: readonly number[], described: Pipeline): MethodContext {
  const { epochs, momentum, weight_decay: weightDecay, rewind, decreasing } = described;
  const milestones = decreasing.split(",").map(Number);
  const context = tinyContext({ start: "theta_init" });
  const pruning: PruningRecipe = {
    rounds: sparsities.length,
    trainsFirst: true,
    rewindTo: rewind,
    from: rewind,
    epochs,
    mask: (model, source, round, before) =>
      makeMask(model, source, { pruner: "imp", sparsity: sparsities[round] ?? 0, seed: 1 }, { before }),
  };
  const fit: TrainingRecipe["fit"] = (parameters, _epochs, lr) => ({
    optimizer: sgd(parameters, { lr, momentum, weightDecay }),
    schedule: multiStep({ lr, milestones }),
  });
  const retain = concatenate(context.retain, context.forget);
  const recipe = { ...context.original.recipe, epochs, lr: described.lr, fit };
  return { ...context, retain, original: { ...context.original, pruning, recipe } };
}

/** The sparsities after each round of the iterative pipeline. */
function iterative(): number[] {
  const { rate, rounds_info } = pipelines.imp_pipeline;
  return roundSparsities(weights, rounds_info.at(-1)?.sparsity ?? NaN, rate);
}

/** What lives of the fixture's weights, under the model's names. */
function livingState(file: string, prefix: string): [Map<string, Tensor>, Map<string, Tensor>] {
  const state = readGoldenState(file, prefix);
  const masks = new Map([...state].filter(([name]) => name.endsWith("_mask")));
  const living = new Map(
    [...state].flatMap(([name, value]): [string, Tensor][] => {
      if (name.endsWith("_mask")) return [];
      const kept = masks.get(name.replace(/_orig$/, "_mask"));
      return [[name.replace(/_orig$/, ""), kept === undefined ? value : value.mul(kept)]];
    }),
  );
  return [living, masks];
}

function expectMasks(mask: Mask | undefined, expected: ReadonlyMap<string, Tensor>): void {
  expect(expected.size).toBe(3);
  for (const [name, kept] of mask?.toState() ?? expect.fail("no mask")) {
    expect(kept.toArray(), name).toEqual(expected.get(name)?.toArray());
  }
}

describe("retrain, form exact", () => {
  it("is the reference's one-shot pipeline: train, prune, rewind, train", async () => {
    const { epochs, lr, rate } = pipelines.omp_pipeline;
    const context = pipeline([rate], pipelines.omp_pipeline);
    const { mask } = await retrain.run(context, { ...usual, epochs, lr, form: "exact" });
    const [living, masks] = livingState("masks/omp_pipeline.float64.safetensors", "sparse_final/");
    expectMasks(mask, masks);
    expectState(context.model, living, 1e-9);
    expectState(
      tinyStateOf(context, "rewind"),
      readGoldenState("masks/omp_pipeline.float64.safetensors", "rewind/"),
      1e-9,
    );
  });

  it("is the reference's iterative pipeline in three rounds", async () => {
    const { epochs, lr, rounds_info } = pipelines.imp_pipeline;
    expect(iterative()).toEqual(rounds_info.map(({ sparsity }) => expect.closeTo(sparsity, 12)));
    const context = pipeline(iterative(), pipelines.imp_pipeline);
    const { mask } = await retrain.run(context, { ...usual, epochs, lr, form: "exact" });
    const [living, masks] = livingState("masks/imp_pipeline.float64.safetensors", "round3_trained/");
    expectMasks(mask, masks);
    expectState(context.model, living, 1e-9);
  });
});

describe("retrain, form exact, sharpness-aware", () => {
  it("looks at every batch twice, under every mask", async () => {
    const passes = async (sam: number): Promise<number> => {
      const { epochs, lr } = pipelines.imp_pipeline;
      const context = pipeline(iterative(), pipelines.imp_pipeline);
      let calls = 0;
      context.model.setForwardPreHook(() => void calls++);
      await retrain.run(context, { ...usual, epochs, lr, form: "exact", sam });
      return calls;
    };
    const once = await passes(0);
    expect(once).toBeGreaterThan(0);
    expect(await passes(0.5)).toBe(2 * once);
  });
});

/** A kept state as a model, to be compared like one. */
function tinyStateOf({ snapshots }: MethodContext, name: string): MethodContext["model"] {
  const other = tinyContext().model;
  other.loadStateDict(snapshots.load(name));
  return other;
}

describe("retrain of a linear classifier", () => {
  it("takes the original's steps on the retained data alone, from the weights it is given", async () => {
    const context = linearContext();
    Object.defineProperty(context, "forget", { get: () => expect.fail("reads the forget data") });
    const { model, retain, original } = context;
    const { recipe } = original;
    const [data, start] = [rowsOf(model, retain), headOf(model)];
    await retrain.run(context, { ...usual, epochs: 1, lr: recipe.lr });
    const gradient = combined([1, gradientOf(start, data)], [recipe.weightDecay, start]);
    expectHead(model, combined([1, start], [-recipe.lr, gradient]));
  });

  const rho = 0.4;
  /** One step of the recipe on `data`, by the gradient ρ uphill from `start`. */
  const sharpStep = (start: Matrix, data: ReturnType<typeof rowsOf>, form: "adaptive" | "plain"): Matrix => {
    const { lr, weightDecay } = linearContext().original.recipe;
    const uphill = gradientOf(start, data);
    const weighed = (power: number): Matrix =>
      uphill.map((row, k) => row.map((g, j) => g * (form === "plain" ? 1 : (start[k]?.[j] ?? NaN) ** power)));
    const worst = combined([1, start], [rho / Math.hypot(...weighed(1).flat()), weighed(2)]);
    return combined([1, start], [-lr, combined([1, gradientOf(worst, data)], [weightDecay, start])]);
  };

  it.each(["adaptive", "plain"] as const)("goes down the gradient at the worst weights nearby, %s", async (samForm) => {
    const context = linearContext();
    const { model, retain, original } = context;
    const { recipe } = original;
    const expected = sharpStep(headOf(model), rowsOf(model, retain), samForm);
    await retrain.run(context, { ...usual, epochs: 1, lr: recipe.lr, sam: rho, samForm });
    expectHead(model, expected);
  });

  it("does so with each network of an ensemble", async () => {
    const plain = linearContext();
    const context = { ...plain, original: { ...plain.original, sharding: { shards: 1, slices: 1 } } };
    const { model, retain, original } = context;
    const { recipe } = original;
    const expected = sharpStep(headOf(linearNet("linear", freshSeed)), rowsOf(model, retain), "adaptive");
    const { ensemble } = await retrain.run(context, { ...usual, epochs: 1, lr: recipe.lr, sam: rho });
    const found = linearNet();
    found.loadStateDict(ensemble?.[0]?.state ?? new Map());
    expectHead(found, expected);
  });

  it("says so where it is not trained as the original was", () => {
    const forgotten = { wholeClasses: true, share: 0.1, count: 100, masked: [], layers: 20 };
    expect(retrain.caution?.(forgotten, { ...usual, sam: rho })).toMatch(/not trained as the original was/);
    expect(retrain.caution?.(forgotten, usual)).toBeUndefined();
  });
});
