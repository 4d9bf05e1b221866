import { describe, expect, it } from "vitest";
import { euK, replace } from "../../../src/unlearn/eu-k.ts";
import { tinyContext } from "../../support/tiny-unlearning.ts";
import {
  combined,
  expectHead,
  freshSeed,
  gradientOf,
  headOf,
  linearContext,
  linearNet,
  rowsOf,
} from "../../support/linear-unlearning.ts";

describe("EU-k", () => {
  it("takes the last layers of a new network, their statistics included", () => {
    const { model, fresh } = tinyContext();
    using other = fresh();
    replace(model, other, ["conv3", "bn3", "fc"]);
    const [state, untrained] = [model.stateDict(), other.stateDict()];
    for (const name of ["conv3.weight", "bn3.running_mean", "fc.bias"])
      expect(state.get(name)?.toArray(), name).toEqual(untrained.get(name)?.toArray());
    expect(state.get("conv2.weight")?.toArray()).not.toEqual(untrained.get("conv2.weight")?.toArray());
  });

  it("trains them as the original was trained, and nothing else", async () => {
    const context = tinyContext({ lr: 0.05, epochs: 2 });
    const before = context.model.namedParameters().get("conv2.weight")?.toArray();
    const head = context.model.namedParameters().get("fc.weight")?.toArray();
    await euK.run(context, { epochs: 2, lr: 0.05, layers: 1 });
    expect(context.model.namedParameters().get("conv2.weight")?.toArray()).toEqual(before);
    expect(context.model.namedParameters().get("fc.weight")?.toArray()).not.toEqual(head);
    expect(context.trainer.totals.epochs).toBe(2);
  });
});

describe("EU-k of a network that is linear", () => {
  it("starts the last layer at the seeded initialisation and leaves the convolution bit for bit", async () => {
    const context = linearContext({ kind: "convolution" });
    const { model } = context;
    const kernels = model.namedParameters().get("conv.weight")?.toArray();
    await euK.run(context, { epochs: 0, lr: 0.3, layers: 1 });
    expect(headOf(model)).toEqual(headOf(linearNet("convolution", freshSeed)));
    expect(model.namedParameters().get("conv.weight")?.toArray()).toEqual(kernels);
  });

  it("then trains it by the original's recipe", async () => {
    const context = linearContext({ kind: "convolution" });
    const { model, retain, original } = context;
    const { recipe } = original;
    const [data, start] = [rowsOf(model, retain), headOf(linearNet("convolution", freshSeed))];
    await euK.run(context, { epochs: 1, lr: recipe.lr, layers: 1 });
    const gradient = combined([1, gradientOf(start, data)], [recipe.weightDecay, start]);
    expectHead(model, combined([1, start], [-recipe.lr, gradient]));
  });

  it("is training from scratch where k is the number of layers", async () => {
    const context = linearContext({ kind: "convolution" });
    await euK.run(context, { epochs: 0, lr: 0.3, layers: 2 });
    const untrained = linearNet("convolution", freshSeed).namedParameters();
    for (const [name, value] of context.model.namedParameters())
      expect(value.toArray(), name).toEqual(untrained.get(name)?.toArray());
  });
});
