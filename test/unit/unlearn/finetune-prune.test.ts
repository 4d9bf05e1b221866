/** Gradual pruning against the golden trajectories, and the sparsity that it reaches. */
import { expect, it } from "vitest";
import { finetunePrune } from "../../../src/unlearn/finetune-prune.ts";
import { describeGolden, readGoldenJson } from "../../support/golden.ts";
import { readGoldenState } from "../../support/tiny-net.ts";
import { expectState, tinyContext } from "../../support/tiny-unlearning.ts";

const options = { lr: 0.01, momentum: 0.9, weightDecay: 5e-4, sparsity: 0.9 };

describeGolden("fine-tuning with gradual pruning", () => {
  it.each([
    ["FT_prune_bi", 4],
    ["FT_prune_bi_odd", 5],
  ] as const)("%s ends where the reference ends", async (fixture, epochs) => {
    const context = tinyContext();
    const { mask } = await finetunePrune.run(context, { ...options, epochs, variant: "reference" });
    const state = readGoldenState(`unlearn/${fixture}.f64.safetensors`, "final/");
    const expected = new Map(
      [...state].flatMap(([name, value]) => {
        if (name.endsWith("_mask")) return [];
        const original = name.replace(/_orig$/, "");
        const kept = state.get(`${original}_mask`);
        return [[original, kept === undefined ? value : value.mul(kept.to("float64"))] as const];
      }),
    );
    expectState(context.model, expected, 1e-9);
    const { final_sparsity } = readGoldenJson<{ final_sparsity: number }>(`unlearn/${fixture}.json`);
    expect(mask?.sparsity).toBeCloseTo(final_sparsity, 12);
  });

  it.each([3, 4, 5])("reaches the sparsity in %s epochs", async (epochs) => {
    const { mask, exactZeros } = await finetunePrune.run(tinyContext(), { ...options, epochs, variant: "exact" });
    expect(mask?.sparsity).toBeCloseTo(0.9, 3);
    expect(exactZeros).toBe(3672 - (mask?.nonzero ?? 0));
  });
});
