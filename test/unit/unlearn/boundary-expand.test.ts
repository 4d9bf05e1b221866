import { describe, expect, it } from "vitest";
import { crossEntropy } from "../../../src/nn/index.ts";
import type { Linear } from "../../../src/nn/index.ts";
import { noGrad, scope, tensor } from "../../../src/torch/index.ts";
import { Mask } from "../../../src/prune/index.ts";
import { forEachBatch } from "../../../src/data/batches.ts";
import { boundaryExpand } from "../../../src/unlearn/boundary-expand.ts";
import { tinyContext } from "../../support/tiny-unlearning.ts";
import {
  combined,
  expectHead,
  gradientOf,
  headOf,
  linearContext,
  linearNet,
  oneHot,
  rowsOf,
} from "../../support/linear-unlearning.ts";

const options = { epochs: 3, lr: 0.05, momentum: 0.9, weightDecay: 0 };

describe("boundary expand", () => {
  it("drops the class it made, having moved the forget images into it", async () => {
    const context = tinyContext();
    const { model, trainer, forget } = context;
    const { numClasses } = model.spec;
    const before = model.stateDict().get("fc.weight")?.clone();
    const shapes: string[] = [];
    const losses: number[] = [];
    const fit = trainer.fit.bind(trainer);
    trainer.fit = async (source, how) => {
      const ask = (): void =>
        forEachBatch(source, 64, ({ labels }) => shapes.push([...new Set(labels.toArray())].join()));
      ask();
      const summary = await fit(source, how);
      model.eval();
      forEachBatch(forget, 64, ({ images }) =>
        noGrad(() => {
          const logits = model.call(images);
          shapes.push(String(logits.shape[1]));
          losses.push(logits.argmax(1).eq(numClasses).to("float64").mean().item());
        }),
      );
      return summary;
    };
    await boundaryExpand.run(context, options);
    expect(shapes).toEqual([String(numClasses), String(numClasses + 1)]);
    expect(losses[0]).toBeGreaterThan(0.9);
    expect(model.stateDict().get("fc.weight")?.shape).toEqual(before?.shape);
    expect(trainer.totals.images).toBe(3 * forget.count);
  });

  it("takes its first step along the gradient of the cross-entropy to the new class", async () => {
    const context = tinyContext({ batchSize: 64 });
    const { model, forget } = context;
    const conv = model.namedParameters().get("conv1.weight");
    const start = conv?.detach().clone();
    using reference = context.copy();
    for (const parameter of reference.parameters()) parameter.requiresGrad = true;
    reference.train();
    await boundaryExpand.run(context, { epochs: 1, lr: 0.01, momentum: 0, weightDecay: 0 });
    // The rows that the method draws: the same generator, drawn from again.
    const head = reference.namedModules().get("fc") as Linear;
    head.resize(model.spec.numClasses + 1, tinyContext().generator);
    scope(() => {
      const labels = tensor(BigInt64Array.from({ length: forget.count }, () => BigInt(model.spec.numClasses)));
      const { images } = forget.take(tensor(BigInt64Array.from({ length: forget.count }, (_, i) => BigInt(i))), null);
      crossEntropy(reference.call(images), labels).backward();
      const gradient = reference.namedParameters().get("conv1.weight")?.grad;
      const moved = conv?.detach().sub(start as never);
      expect(
        moved
          ?.add(gradient as never, 0.01)
          .abs()
          .amax()
          .item(),
      ).toBeLessThan(1e-12);
    });
  });

  it("refuses a mask on the classifier: its new row would have none", async () => {
    const shape = tinyContext().model.namedParameters().get("fc.weight")?.shape as number[];
    const kept = tensor(new Uint8Array(shape.reduce((a, b) => a * b)).fill(1), { shape });
    const context = tinyContext({ mask: Mask.of(new Map([["fc.weight", kept]])) });
    await expect(boundaryExpand.run(context, options)).rejects.toThrow(
      "boundary-expand: expected a classifier without a mask, got one on fc.weight",
    );
  });
});

it("pulls a linear classifier's forget images into a class more, and drops it, by the formula", async () => {
  const context = linearContext();
  const { model, forget } = context;
  const [{ x }, lr] = [rowsOf(model, forget), 0.3];
  // With the row that the method draws: the same generator, drawn from again.
  const wider = linearNet();
  (wider.namedModules().get("fc") as Linear).resize(4, linearContext().generator);
  const start = headOf(wider);
  expect(start.slice(0, 3)).toEqual(headOf(model));
  await boundaryExpand.run(context, { epochs: 1, lr, momentum: 0, weightDecay: 0 });
  const q = oneHot(
    x.map(() => 3),
    4,
  );
  expectHead(model, combined([1, start], [-lr, gradientOf(start, { x, q })]).slice(0, 3));
});
