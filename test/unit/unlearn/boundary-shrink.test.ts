import { describe, expect, it } from "vitest";
import { crossEntropy } from "../../../src/nn/index.ts";
import { grad, noGrad, type Tensor } from "../../../src/torch/index.ts";
import { forEachBatch } from "../../../src/data/batches.ts";
import { crossBoundary, boundaryShrink } from "../../../src/unlearn/boundary-shrink.ts";
import { expectState, tinyContext } from "../../support/tiny-unlearning.ts";
import {
  combined,
  expectHead,
  gradientOf,
  headOf,
  linearContext,
  type Matrix,
  oneHot,
  probabilities,
  rowsOf,
} from "../../support/linear-unlearning.ts";

describe("boundary shrink", () => {
  it("goes up the loss by ε at every pixel, stays an image, and crosses more boundaries than it began with", () => {
    const { copy, forget } = tinyContext();
    using model = copy();
    forEachBatch(forget, 64, ({ images, labels }) => {
      const moved = crossBoundary(model, images, labels, 0.1);
      expect(moved.amin().item()).toBeGreaterThanOrEqual(0);
      expect(moved.amax().item()).toBeLessThanOrEqual(1);
      const steps = moved.mul(255);
      expect(steps.sub(steps.round()).abs().amax().item()).toBeLessThan(1e-9);
      const variable = images.clone();
      variable.requiresGrad = true;
      const [gradient] = grad([crossEntropy(model.call(variable), labels)], [variable]) as [Tensor];
      const inside = images.gt(0.11).logicalAnd(images.lt(0.89)).logicalAnd(gradient.ne(0));
      const moves = moved.sub(images).sub(gradient.sign().mul(0.1)).abs().maskedSelect(inside);
      expect(moves.amax().item()).toBeLessThan(0.5 / 255 + 1e-9);
      const accuracy = (x: Tensor): number => noGrad(() => model.call(x).argmax(1).eq(labels).sum().item());
      expect(accuracy(moved)).toBeLessThan(accuracy(images));
    });
  });

  it("trains on the forget data alone", async () => {
    const context = tinyContext();
    const before = new Map([...context.model.namedParameters()].map(([name, value]) => [name, value.detach().clone()]));
    Object.defineProperty(context, "retain", { get: () => expect.fail("reads the retained data") });
    await boundaryShrink.run(context, { epochs: 2, lr: 0.01, momentum: 0.9, weightDecay: 0, epsilon: 0.1 });
    expect(() => expectState(context.model, before, 1e-3)).toThrow();
    expect(context.trainer.totals.images).toBe(64 + 2 * 64);
  });
});

it("trains a linear classifier to the class beyond one step of epsilon, by the formula", async () => {
  const context = linearContext();
  const { model, forget } = context;
  const [start, { x, q }, lr, epsilon] = [headOf(model), rowsOf(model, forget), 0.3, 0.6];
  // ∂CE/∂x = Wᵀ (p - e_y)
  const errors = combined([1, probabilities(start, x)], [-1, q]);
  const moved: Matrix = x.map((row, n) =>
    row.map((pixel, i) => {
      if (i === 5) return 1; // the bias's
      const up = (errors[n] ?? []).reduce((sum, error, k) => sum + error * (start[k]?.[i] ?? NaN), 0);
      const value = Math.min(1, Math.max(0, pixel + epsilon * Math.sign(up)));
      return Math.round(255 * value) / 255;
    }),
  );
  const nearest = probabilities(start, moved).map((row) => row.indexOf(Math.max(...row)));
  expect(oneHot(nearest)).not.toEqual(q);
  await boundaryShrink.run(context, { epochs: 1, lr, momentum: 0, weightDecay: 0, epsilon });
  expectHead(model, combined([1, start], [-lr, gradientOf(start, { x, q: oneHot(nearest) })]));
});
