import { describe, expect, it } from "vitest";
import { cfK } from "../../../src/unlearn/cf-k.ts";
import { tinyContext } from "../../support/tiny-unlearning.ts";
import { combined, expectHead, gradientOf, headOf, linearContext, rowsOf } from "../../support/linear-unlearning.ts";

describe("CF-k", () => {
  it("moves the last layers alone", async () => {
    const { model, ...context } = tinyContext();
    const before = new Map([...model.namedParameters()].map(([name, value]) => [name, value.toArray()]));
    await cfK.run({ ...context, model }, { epochs: 1, lr: 0.01, momentum: 0.9, weightDecay: 5e-4, layers: 2 });
    for (const [name, value] of model.namedParameters()) {
      const moves = ["conv3.weight", "bn3.weight", "bn3.bias", "fc.weight", "fc.bias"].includes(name);
      if (moves) expect(value.toArray(), name).not.toEqual(before.get(name));
      else expect(value.toArray(), name).toEqual(before.get(name));
    }
  });
});

describe("CF-k of a network that is linear", () => {
  it("leaves the convolution bit for bit, and moves the last layer by steps of SGD", async () => {
    const context = linearContext({ kind: "convolution" });
    const { model, retain } = context;
    const kernels = model.namedParameters().get("conv.weight")?.toArray();
    const [lr, momentum, weightDecay] = [0.3, 0.9, 0.01];
    const [data, start] = [rowsOf(model, retain), headOf(model)];
    await cfK.run(context, { epochs: 2, lr, momentum, weightDecay, layers: 1 });
    expect(model.namedParameters().get("conv.weight")?.toArray()).toEqual(kernels);
    // With the convolution at rest the features are constants, and the loss of the last layer is convex.
    const first = combined([1, gradientOf(start, data)], [weightDecay, start]);
    const between = combined([1, start], [-lr, first]);
    const second = combined([momentum, first], [1, gradientOf(between, data)], [weightDecay, between]);
    expectHead(model, combined([1, between], [-lr, second]));
    expect([...model.namedParameters().values()].every(({ requiresGrad }) => requiresGrad)).toBe(true);
  });
});
