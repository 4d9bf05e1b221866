import { describe, expect, it } from "vitest";
import { Linear } from "../../../src/nn/index.ts";
import { adamw, sgd } from "../../../src/optim/index.ts";
import { globalMask, Mask, roundHalfEven } from "../../../src/prune/index.ts";
import { Generator, ones, randn, scope, tensor } from "../../../src/torch/index.ts";
import "../../support/one-thread.ts";

const generator = Generator.seeded(3);
const layer = (): Linear => new Linear({ inFeatures: 6, outFeatures: 5 }, generator);

describe("a mask", () => {
  it("counts, hashes and survives a model file", () => {
    const mask = Mask.of(new Map([["weight", tensor([1, 0, 0, 1, 1, 0, 0, 0, 0, 1], { shape: [2, 5] })]]));
    expect(mask.nonzero).toBe(4);
    expect(mask.sparsity).toBeCloseTo(0.6, 12);
    const again = Mask.fromState(mask.toState());
    expect(again?.hash).toBe(mask.hash);
    expect(Mask.fromState(new Map([["weight", ones([1])]]))).toBeNull();
  });

  it.each([
    ["sgd", (net: Linear) => sgd(net.namedParameters(), { lr: 0.1, momentum: 0.9, weightDecay: 0.01, nesterov: true })],
    ["adamw", (net: Linear) => adamw(net.namedParameters(), { lr: 0.1, weightDecay: 0.01 })],
  ])("keeps masked weights exactly zero under %s", (_, optimizerOf) => {
    const net = layer();
    const mask = Mask.of(new Map([["weight", randn([5, 6], { generator }).gt(0)]]));
    mask.apply(net);
    const optimizer = optimizerOf(net);
    for (let step = 0; step < 5; step++) {
      scope(() => {
        optimizer.zeroGrad();
        net
          .call(randn([4, 6], { generator }))
          .square()
          .sum()
          .backward();
        mask.applyToGradients(net);
        optimizer.step();
      });
    }
    const state = [...mask.toState().values()][0];
    const weight = net.namedParameters().get("weight");
    expect(weight?.detach().ne(0).to("uint8").toArray()).toEqual(state?.toArray());
  });

  it("refuses a model it was not made for", () => {
    const mask = Mask.of(new Map([["weight", ones([3, 3])]]));
    expect(() => mask.apply(layer())).toThrow(/mask of weight: expected a parameter of shape \[3, 3\], got \[5, 6\]/);
  });
});

describe("globalMask", () => {
  it("removes the smallest scores of all layers together, ties in order", () => {
    const scores = new Map([
      ["a", tensor([4, 1, 2])],
      ["b", tensor([3, 2, 9])],
    ]);
    const kept = [...globalMask(scores, 0.5).toState().values()].map((mask) => mask.toArray());
    expect(kept).toEqual([
      [1, 0, 0],
      [1, 0, 1],
    ]);
  });

  it.each([1, -0.1, Number.NaN, 1.5])("refuses sparsity %s", (sparsity) => {
    expect(() => globalMask(new Map([["a", ones([4])]]), sparsity)).toThrow(/sparsity: expected a number in \[0, 1\)/);
  });

  it("refuses scores that are not finite", () => {
    expect(() => globalMask(new Map([["a", tensor([1, Number.NaN])]]), 0.5)).toThrow(/expected finite numbers/);
  });

  it("rounds as Python does", () => {
    expect([0.5, 1.5, 2.5, 2.4, 2.6].map(roundHalfEven)).toEqual([0, 2, 2, 2, 3]);
  });
});
