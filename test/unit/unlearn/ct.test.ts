import { expect, it } from "vitest";
import { scope } from "../../../src/torch/index.ts";
import { ct, transposeKernels } from "../../../src/unlearn/ct.ts";
import { describeGolden } from "../../support/golden.ts";
import { readGoldenState } from "../../support/tiny-net.ts";
import { maskAmong, tinyContext } from "../../support/tiny-unlearning.ts";

describeGolden("CT", () => {
  it("turns every kernel, and twice is not at all", () => {
    const { model } = tinyContext();
    const before = model.namedParameters().get("conv1.weight")?.toArray() ?? [];
    transposeKernels(model);
    const after = model.namedParameters().get("conv1.weight")?.toArray() ?? [];
    for (let i = 0; i < before.length; i++) {
      const [kernel, row, column] = [Math.floor(i / 9), Math.floor((i % 9) / 3), i % 3];
      expect(after[9 * kernel + 3 * column + row]).toBe(before[i]);
    }
    transposeKernels(model);
    expect(model.namedParameters().get("conv1.weight")?.toArray()).toEqual(before);
  });

  it("leaves masked weights at zero", async () => {
    const mask = maskAmong(readGoldenState("unlearn/FT_masked.f64.safetensors", "final/"));
    const context = tinyContext({ mask });
    await ct.run(context, { epochs: 1, lr: 1e-3, momentum: 0.9, weightDecay: 5e-4 });
    scope(() => {
      for (const [name, kept] of mask.toState()) {
        const weight = context.model.namedParameters().get(name.replace(/_mask$/, ""));
        expect(weight?.detach().mul(kept.logicalNot()).abs().sum().item(), name).toBe(0);
      }
    });
  });
});
