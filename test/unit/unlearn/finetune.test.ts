/** Fine-tuning of a linear classifier, step by step by the formula of its gradient. */
import { expect, it } from "vitest";
import { finetune } from "../../../src/unlearn/finetune.ts";
import { combined, expectHead, gradientOf, headOf, linearContext, rowsOf } from "../../support/linear-unlearning.ts";

it("takes steps of SGD with momentum and weight decay on the retained data, and looks at no other", async () => {
  const context = linearContext();
  Object.defineProperty(context, "forget", { get: () => expect.fail("reads the forget data") });
  const { model, retain } = context;
  const [lr, momentum, weightDecay] = [0.3, 0.9, 0.01];
  const [data, start] = [rowsOf(model, retain), headOf(model)];
  await finetune.run(context, { epochs: 2, lr, momentum, weightDecay });
  const first = combined([1, gradientOf(start, data)], [weightDecay, start]);
  const between = combined([1, start], [-lr, first]);
  const second = combined([momentum, first], [1, gradientOf(between, data)], [weightDecay, between]);
  expectHead(model, combined([1, between], [-lr, second]));
});
