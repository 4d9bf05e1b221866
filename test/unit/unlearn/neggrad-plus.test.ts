/** NegGrad+ against the golden trajectory. */
import { describe, it } from "vitest";
import { negGradPlus } from "../../../src/unlearn/neggrad-plus.ts";
import { readGoldenTraining } from "../../support/golden-training.ts";
import { readGoldenState } from "../../support/tiny-net.ts";
import { expectState, tinyContext } from "../../support/tiny-unlearning.ts";
import { combined, expectHead, gradientOf, headOf, linearContext, rowsOf } from "../../support/linear-unlearning.ts";

describe("NegGrad+", () => {
  it.each([
    ["float64", "f64"],
    ["float32", "f32"],
  ] as const)("ends where the fixture ends, in %s", async (dtype, bits) => {
    const { training, batchSize, settings, tolerance } = readGoldenTraining("extras/NegGradPlus.json");
    const context = tinyContext({ dtype, batchSize });
    await negGradPlus.run(context, { ...training, beta: settings["beta"] ?? NaN });
    expectState(context.model, readGoldenState(`extras/NegGradPlus.${bits}.safetensors`, "final/"), tolerance[dtype]);
  });
});

it("descends on the retained and climbs on the forget data of a linear classifier, by the formula", async () => {
  const context = linearContext();
  const { model, retain, forget } = context;
  const [lr, beta] = [0.3, 0.8];
  const start = headOf(model);
  await negGradPlus.run(context, { epochs: 1, lr, momentum: 0, weightDecay: 0, beta });
  const down = [-lr * beta, gradientOf(start, rowsOf(model, retain))] as const;
  const up = [lr * (1 - beta), gradientOf(start, rowsOf(model, forget))] as const;
  expectHead(model, combined([1, start], down, up));
});
