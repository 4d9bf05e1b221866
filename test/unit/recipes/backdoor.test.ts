import { expect, it } from "vitest";
import { backdoorRecipes } from "../../../src/recipes/index.ts";

it.each(["standard", "paper"] as const)("cleanses at the published rate and penalty at the scale %s", (preset) => {
  for (const recipe of Object.values(backdoorRecipes)) {
    const { ways, searches } = recipe({ preset });
    expect(searches).toEqual([]);
    for (const { method, options } of ways) {
      if (method === "finetune") expect(options).toEqual({ lr: 0.01 });
      if (method === "l1-sparse") expect(options).toEqual({ gamma: 1e-4 });
    }
  }
});

it("takes some of the attacks, in the recipe's order, and no others", () => {
  const attacksOf = (name: string, attacks?: string[]): readonly string[] | undefined =>
    backdoorRecipes[name]?.({ preset: "quick", ...(attacks && { attacks }) }).attacks;
  expect(attacksOf("figure6")).toEqual(["badnets", "badnets-bench", "blended", "sig", "wanet"]);
  expect(attacksOf("figure6", ["sig", "blended"])).toEqual(["blended", "sig"]);
  expect(attacksOf("suspects", ["sig"])).toEqual(["sig"]);
  expect(() => attacksOf("defences", ["badnet"])).toThrow("attacks: expected");
});
