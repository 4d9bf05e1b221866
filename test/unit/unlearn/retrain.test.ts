/** Retraining with a mask of its own, against the reference implementation's pipelines of training, pruning and rewinding. */
import { describe, expect, it } from "vitest";
import { multiStep, sgd } from "../../../src/optim/index.ts";
import { makeMask } from "../../../src/stages/pruning.ts";
import { type Mask, roundSparsities } from "../../../src/prune/index.ts";
import type { Tensor } from "../../../src/torch/index.ts";
import { retrain } from "../../../src/unlearn/index.ts";
import type { MethodContext, PruningRecipe, TrainingRecipe } from "../../../src/unlearn/index.ts";
import { concatenated } from "../../../src/unlearn/tools/sources.ts";
import { describeGolden } from "../../support/golden.ts";
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

const weights = 3672;
const usual = { form: "mask", sam: 0, samForm: "adaptive" } as const;

/** Everything as in the fixtures: images of both parts, from the initial weights, rates divided by ten at `milestones`. */
function pipeline(sparsities: readonly number[], epochs: number, milestones: readonly number[]): MethodContext {
  const context = tinyContext({ start: "theta_init" });
  const pruning: PruningRecipe = {
    rounds: sparsities.length,
    trainsFirst: true,
    rewindTo: 1,
    from: 1,
    epochs,
    mask: (model, source, round, before) =>
      makeMask(model, source, { pruner: "imp", sparsity: sparsities[round] ?? 0, seed: 1 }, { before }),
  };
  const fit: TrainingRecipe["fit"] = (parameters, _epochs, lr) => ({
    optimizer: sgd(parameters, { lr, momentum: 0.9, weightDecay: 5e-4 }),
    schedule: multiStep({ lr, milestones: [...milestones] }),
  });
  const retain = concatenated(context.retain, context.forget);
  const recipe = { ...context.original.recipe, epochs, lr: 0.1, fit };
  return { ...context, retain, original: { ...context.original, pruning, recipe } };
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

describeGolden("retrain, form exact", () => {
  it("is the reference's one-shot pipeline: train, prune, rewind, train", async () => {
    const context = pipeline([0.9], 4, [2, 3]);
    const { mask } = await retrain.run(context, { ...usual, epochs: 4, lr: 0.1, form: "exact" });
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
    const sparsities = roundSparsities(weights, 1 - 1880 / weights, 0.2);
    expect(sparsities).toHaveLength(3);
    const context = pipeline(sparsities, 2, [1]);
    const { mask } = await retrain.run(context, { ...usual, epochs: 2, lr: 0.1, form: "exact" });
    const [living, masks] = livingState("masks/imp_pipeline.float64.safetensors", "round3_trained/");
    expectMasks(mask, masks);
    expectState(context.model, living, 1e-9);
  });
});

describeGolden("retrain, form exact, sharpness-aware", () => {
  it("looks at every batch twice, under every mask", async () => {
    const passes = async (sam: number): Promise<number> => {
      const context = pipeline(roundSparsities(weights, 1 - 1880 / weights, 0.2), 2, [1]);
      let calls = 0;
      context.model.setForwardPreHook(() => void calls++);
      await retrain.run(context, { ...usual, epochs: 2, lr: 0.1, form: "exact", sam });
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
