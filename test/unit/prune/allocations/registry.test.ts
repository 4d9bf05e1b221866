import { describe, expect, it } from "vitest";
import { allocationNamed, allocations } from "../../../../src/prune/allocations/registry.ts";
import { scope, tensor } from "../../../../src/torch/index.ts";
import { all, outputPixels, scoresOf } from "../../../support/allocation-scores.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

it("finds allocations by name, and suggests the nearest", () => {
  expect(allocations.map(({ name }) => name)).toEqual(["global", "layer-wise", "uniform", "erk", "flops", "n:m"]);
  for (const allocation of allocations) expect(allocationNamed(allocation.name)).toBe(allocation);
  expect(thrownBy(() => allocationNamed("unifrom"))).toMatchObject({ code: "E_ARG", hint: "did you mean uniform?" });
});

/** Those that reach every sparsity exactly. */
const exact = allocations.map(({ name }) => name).filter((name) => name !== "n:m");

describe.each(exact)("allocation %s", (name) => {
  it("keeps exactly the weights that the sparsity leaves, of each layer the largest", () => {
    scope(() => {
      for (const sparsity of [0, 0.3, 0.9, 0.95, 0.99]) {
        const scores = scoresOf(7);
        const mask = allocationNamed(name).mask(scores, { sparsity, flops: 1, outputPixels });
        expect(mask.nonzero).toBe(all - Math.round(sparsity * all));
        const state = mask.toState();
        for (const [layer, score] of scores) {
          const kept = state.get(`${layer}_mask`)?.to("bool");
          if (kept === undefined || kept.all().item() !== 0 || kept.any().item() === 0) continue;
          const least = score.maskedSelect(kept).min().item();
          expect(score.maskedSelect(kept.logicalNot()).max().item()).toBeLessThanOrEqual(least);
        }
      }
    });
  });

  it("refuses scores that are not finite", () => {
    scope(() => {
      const scores = new Map([["conv1.weight", tensor([1, NaN], { dtype: "float32" }).view([1, 2, 1, 1])]]);
      const request = { sparsity: 0.5, flops: 0.5, outputPixels };
      expect(() => allocationNamed(name).mask(scores, request)).toThrow(/expected finite numbers, got NaN or infinity/);
    });
  });
});
