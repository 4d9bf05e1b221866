import { describe, expect, it } from "vitest";
import { crossEntropy } from "../../../../src/nn/index.ts";
import { grad, scope, type Tensor } from "../../../../src/torch/index.ts";
import { positionsFrom } from "../../../../src/data/batches.ts";
import { disposeAll, sumGradients, zerosLikeParameters } from "../../../../src/unlearn/tools/parameters.ts";
import { readGoldenState } from "../../../support/tiny-net.ts";
import { expectTensors, maskAmong, tinyContext } from "../../../support/tiny-unlearning.ts";

describe("sums of gradients", () => {
  it("are those of all images at once, zero where a mask is", async () => {
    const mask = maskAmong(readGoldenState("unlearn/FT_masked.f64.safetensors", "final/"));
    const context = tinyContext({ mask });
    const { model, retain } = context;
    const sums = zerosLikeParameters(model);
    await sumGradients(context, { source: retain, what: "gradients" }, sums, {
      loss: (logits_NK, labels_N) => crossEntropy(logits_NK, labels_N, { reduction: "sum" }),
      combine: (gradient, count) => {
        expect(count).toBe(32);
        return gradient;
      },
    });
    expect(context.trainer.totals.images).toBe(retain.count);
    scope(() => {
      const { images, labels } = retain.take(positionsFrom(0, retain.count), null);
      const names = [...model.namedParameters().keys()];
      const whole = grad([crossEntropy(model.call(images), labels, { reduction: "sum" })], model.parameters());
      const expected = new Map(names.map((name, i) => [name, whole[i] as Tensor]));
      mask.applyTo(expected);
      expectTensors(sums, expected, 1e-9);
    });
    disposeAll(sums);
  });
});
