/** One-shot magnitude pruning against the reference implementation's masks, entry by entry. */
import { expect, it } from "vitest";
import { globalMask, omp } from "../../../src/prune/index.ts";
import { describeGolden } from "../../support/golden.ts";
import { loadTinyNet, readGoldenState } from "../../support/tiny-net.ts";

describeGolden("masks", () => {
  it.each([0.5, 0.9, 0.95])("omp at sparsity %s", (sparsity) => {
    const mask = globalMask(omp.score(loadTinyNet("theta_o", "float64")), sparsity);
    const expected = readGoldenState("masks/masks.safetensors", `omp_${sparsity}/`);
    expect(mask.names.length).toBe(expected.size);
    for (const [name, kept] of mask.toState()) expect(kept.toArray(), name).toEqual(expected.get(name)?.toArray());
  });
});
