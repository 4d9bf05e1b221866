import { describe, expect, it } from "vitest";
import { arange, noGrad, scope } from "../../../src/torch/index.ts";
import { ct, transposeKernels } from "../../../src/unlearn/ct.ts";
import { readGoldenState } from "../../support/tiny-net.ts";
import { maskAmong, tinyContext } from "../../support/tiny-unlearning.ts";
import {
  combined,
  expectHead,
  gradientOf,
  headOf,
  linearContext,
  linearNet,
  rowsOf,
} from "../../support/linear-unlearning.ts";

describe("CT", () => {
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

describe("CT of a network that is linear", () => {
  it("says of turned images what the original says of them upright", () => {
    const { model, retain } = linearContext({ kind: "convolution" });
    scope(() => {
      const { images } = retain.take(arange(0, retain.count, 1, { dtype: "int64" }), null);
      const before = noGrad(() => linearNet("convolution").call(images));
      transposeKernels(model);
      const after = noGrad(() => model.call(images.transpose(2, 3)));
      expect(after.sub(before).abs().amax().item()).toBeLessThan(1e-12);
      expect(
        noGrad(() => model.call(images))
          .sub(before)
          .abs()
          .amax()
          .item(),
      ).toBeGreaterThan(0.01);
    });
  });

  it("then takes steps of SGD whose rate falls along half a cosine, epoch by epoch", async () => {
    const context = linearContext();
    const { model, retain } = context;
    const [data, lr] = [rowsOf(model, retain), 0.3];
    let expected = headOf(model);
    await ct.run(context, { epochs: 3, lr, momentum: 0, weightDecay: 0 });
    // (1 + cos(π t / 3)) / 2 for t = 0, 1, 2
    for (const share of [1, 0.75, 0.25]) expected = combined([1, expected], [-share * lr, gradientOf(expected, data)]);
    expectHead(model, expected);
  });
});
