import { expect, it } from "vitest";
import { sgd, constant } from "../../../src/optim/index.ts";
import { Generator } from "../../../src/torch/index.ts";
import { randomLabel } from "../../../src/unlearn/random-label.ts";
import { randomLabels, trainOnLabels } from "../../../src/unlearn/tools/random-labels.ts";
import { expectMatrix, headOf, linearContext } from "../../support/linear-unlearning.ts";

const options = { epochs: 2, lr: 0.3, momentum: 0.9, weightDecay: 1e-3, order: "sequential" } as const;

it.each(["any", "other"] as const)("random labels trains under labels it draws, %s", async (labels) => {
  const context = linearContext();
  await randomLabel.run(context, { ...options, labels });
  // The same labels, drawn beforehand.
  const other = linearContext();
  const generator = Generator.seeded(7);
  const { lr, momentum, weightDecay } = options;
  const optimizer = sgd(other.model.namedParameters(), { lr, momentum, weightDecay });
  const { numClasses } = other.model.spec;
  await trainOnLabels(other, options, (true_M) => randomLabels(true_M, numClasses, labels, generator), {
    optimizer,
    schedule: constant({ lr }),
  });
  expectMatrix(headOf(context.model), headOf(other.model));
  expect(headOf(context.model)).not.toEqual(headOf(linearContext().model));
});
