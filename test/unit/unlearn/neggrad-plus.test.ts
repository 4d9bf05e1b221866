/** NegGrad+ against the golden trajectory. */
import { it } from "vitest";
import { negGradPlus } from "../../../src/unlearn/neggrad-plus.ts";
import { describeGolden } from "../../support/golden.ts";
import { readGoldenState } from "../../support/tiny-net.ts";
import { expectState, tinyContext } from "../../support/tiny-unlearning.ts";

describeGolden("NegGrad+", () => {
  it.each([
    ["float64", "f64", 1e-9],
    ["float32", "f32", 1e-4],
  ] as const)("ends where the fixture ends, in %s", async (dtype, bits, tolerance) => {
    const context = tinyContext({ dtype });
    await negGradPlus.run(context, { epochs: 2, lr: 0.01, momentum: 0.9, weightDecay: 5e-4, beta: 0.95 });
    expectState(context.model, readGoldenState(`extras/NegGradPlus.${bits}.safetensors`, "final/"), tolerance);
  });
});
