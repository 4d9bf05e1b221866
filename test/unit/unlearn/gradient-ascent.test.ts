/** Gradient ascent on a linear classifier, by the formula of its gradient. */
import { expect, it } from "vitest";
import { gradientAscent } from "../../../src/unlearn/gradient-ascent.ts";
import { combined, expectHead, gradientOf, headOf, linearContext, rowsOf } from "../../support/linear-unlearning.ts";

const plain = { epochs: 1, lr: 0.3, momentum: 0, weightDecay: 0, gamma: 0 };

it("adds lr times the gradient on the forget data, and looks at no other", async () => {
  const context = linearContext();
  Object.defineProperty(context, "retain", { get: () => expect.fail("reads the retained data") });
  const { model, forget } = context;
  const start = headOf(model);
  await gradientAscent.run(context, plain);
  expectHead(model, combined([1, start], [plain.lr, gradientOf(start, rowsOf(model, forget))]));
});

it("shrinks while it climbs: by the weight decay, and by lr times gamma towards zero", async () => {
  const context = linearContext();
  const { model, forget } = context;
  const start = headOf(model);
  await gradientAscent.run(context, { ...plain, weightDecay: 0.01, gamma: 0.02 });
  const signs = start.map((row) => row.map(Math.sign));
  const up = combined([1, start], [plain.lr, gradientOf(start, rowsOf(model, forget))]);
  expectHead(model, combined([1, up], [-plain.lr * 0.01, start], [-plain.lr * 0.02, signs]));
});
