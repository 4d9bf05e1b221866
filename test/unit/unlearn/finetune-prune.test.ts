/** Gradual pruning against the golden trajectories, and the sparsity that it reaches. */
import { describe, expect, it } from "vitest";
import { finetunePrune, pruneSmallest } from "../../../src/unlearn/finetune-prune.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { readGoldenTraining } from "../../support/golden-training.ts";
import { readGoldenState } from "../../support/tiny-net.ts";
import { expectState, tinyContext } from "../../support/tiny-unlearning.ts";
import {
  combined,
  expectHead,
  gradientOf,
  headOf,
  linearContext,
  linearNet,
  rowsOf,
} from "../../support/linear-unlearning.ts";
import type { Model } from "../../../src/models/index.ts";
import { noGrad, type Tensor, tensor } from "../../../src/torch/index.ts";

const options = { lr: 0.01, momentum: 0.9, weightDecay: 5e-4, sparsity: 0.9 };

describe("fine-tuning with gradual pruning", () => {
  it.each(["FT_prune_bi", "FT_prune_bi_odd"])("%s ends where the reference ends", async (fixture) => {
    const { training, batchSize, settings, tolerance } = readGoldenTraining(`unlearn/${fixture}.json`);
    const context = tinyContext({ batchSize });
    const sparsity = settings["rate"] ?? NaN;
    const { mask } = await finetunePrune.run(context, { ...training, sparsity, variant: "reference" });
    const state = readGoldenState(`unlearn/${fixture}.f64.safetensors`, "final/");
    const expected = new Map(
      [...state].flatMap(([name, value]) => {
        if (name.endsWith("_mask")) return [];
        const original = name.replace(/_orig$/, "");
        const kept = state.get(`${original}_mask`);
        return [[original, kept === undefined ? value : value.mul(kept.to("float64"))] as const];
      }),
    );
    expectState(context.model, expected, tolerance.float64);
    const { final_sparsity } = readGoldenJson<{ final_sparsity: number }>(`unlearn/${fixture}.json`);
    expect(mask?.sparsity).toBeCloseTo(final_sparsity, 12);
  });

  it.each([3, 4, 5])("reaches the sparsity in %s epochs", async (epochs) => {
    const { mask, exactZeros } = await finetunePrune.run(tinyContext(), { ...options, epochs, variant: "exact" });
    expect(mask?.sparsity).toBeCloseTo(0.9, 3);
    expect(exactZeros).toBe(3672 - (mask?.nonzero ?? 0));
  });
});

describe("gradual pruning of a network that is linear", () => {
  it("takes the smallest weights of the convolution, and counts from those that are left", () => {
    const model = linearNet("convolution");
    const weight = model.namedParameters().get("conv.weight") as Tensor;
    // Of sizes 1 to 45 in order, with either sign by turns.
    const values = Array.from({ length: 45 }, (_, i) => (i % 2 === 0 ? -1 : 1) * (i + 1));
    noGrad(() => weight.copy_(tensor(values, { shape: [5, 1, 3, 3], dtype: "float64" })));
    const living = (): number[] => weight.toArray().filter((value) => value !== 0);
    pruneSmallest(model, 1 / 3);
    expect(living()).toEqual(values.slice(15));
    pruneSmallest(model, 0.5);
    expect(living()).toEqual(values.slice(30));
  });

  it("fine-tunes in between, what is pruned staying zero", async () => {
    const context = linearContext({ kind: "convolution" });
    const { model, retain } = context;
    const start = headOf(model);
    const { exactZeros, mask } = await finetunePrune.run(context, {
      ...{ epochs: 1, lr: 0.1, momentum: 0, weightDecay: 0, sparsity: 0.8, variant: "exact" },
    });
    expect([exactZeros, mask?.nonzero]).toEqual([36, 9]);
    // The features of the first step are those of the pruned kernels.
    const pruned = linearNet("convolution");
    pruneSmallest(pruned, 0.8);
    expectHead(model, combined([1, start], [-0.1, gradientOf(start, rowsOf(pruned, retain))]));
    const kept = (net: Model): boolean[] =>
      (net.namedParameters().get("conv.weight")?.toArray() ?? []).map((w) => w !== 0);
    expect(kept(model)).toEqual(kept(pruned));
  });
});
