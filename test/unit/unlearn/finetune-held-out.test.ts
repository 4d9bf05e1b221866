/** Fine-tuning of a linear classifier on held-out images, step by step by the formula of its gradient. */
import { expect, it } from "vitest";
import { finetuneHeldOut } from "../../../src/unlearn/finetune-held-out.ts";
import { combined, expectHead, gradientOf, headOf, linearContext, rowsOf } from "../../support/linear-unlearning.ts";

it("takes steps of SGD with momentum and weight decay on the held-out images, and looks at no other", async () => {
  const context = linearContext();
  for (const part of ["retain", "forget"]) {
    Object.defineProperty(context, part, { get: () => expect.fail(`reads the ${part} data`) });
  }
  const { model, validation } = context;
  const [lr, momentum, weightDecay] = [0.3, 0.9, 0.01];
  const [data, start] = [rowsOf(model, validation), headOf(model)];
  await finetuneHeldOut.run(context, { epochs: 2, lr, momentum, weightDecay });
  const first = combined([1, gradientOf(start, data)], [weightDecay, start]);
  const between = combined([1, start], [-lr, first]);
  const second = combined([momentum, first], [1, gradientOf(between, data)], [weightDecay, between]);
  expectHead(model, combined([1, between], [-lr, second]));
});

it("asks for held-out images, and for no records", () => {
  expect(finetuneHeldOut.needs).toEqual({ retain: false, forget: false, start: "original" });
  expect(finetuneHeldOut.needsValidation?.({})).toBe(true);
});
