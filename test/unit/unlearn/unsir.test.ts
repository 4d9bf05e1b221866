import { expect, it } from "vitest";
import { crossEntropy } from "../../../src/nn/index.ts";
import { Generator, noGrad, randn, scope, tensor } from "../../../src/torch/index.ts";
import { learnNoise, unsir } from "../../../src/unlearn/unsir.ts";
import { describeGolden } from "../../support/golden.ts";
import { expectState, tinyContext } from "../../support/tiny-unlearning.ts";

const options = {
  lr: 1e-3,
  retainShare: 0.5,
  noiseImages: 8,
  noiseSteps: 10,
  noiseLr: 0.1,
  noisePenalty: 0.001,
  noiseRepeats: 4,
};

describeGolden("UNSIR", () => {
  it("learns noise that the original is worse at taking for the class", () => {
    const { copy } = tinyContext();
    using original = copy();
    scope(() => {
      const noise = randn([8, 3, 16, 16], { generator: Generator.seeded(1), dtype: "float64" });
      const labels = tensor(
        Array.from({ length: 8 }, () => 3),
        { dtype: "int64" },
      );
      const loss = (): number => noGrad(() => crossEntropy(original.call(noise), labels).item());
      const before = loss();
      learnNoise(original, noise, 3, options);
      expect(loss()).toBeGreaterThan(before + 0.5);
    });
  });

  it("trains on the noise and a part of the retained data, then on that part", async () => {
    const context = tinyContext({ forgetClasses: [3, 5] });
    const before = new Map([...context.model.namedParameters()].map(([name, value]) => [name, value.detach().clone()]));
    Object.defineProperty(context, "forget", { get: () => expect.fail("reads the forget data") });
    await unsir.run(context, options);
    expect(() => expectState(context.model, before, 1e-3)).toThrow();
    expect(context.trainer.totals.images).toBe(2 * 8 * 4 + 64 + 64);
  });

  it("is for whole classes", async () => {
    const images = { wholeClasses: false, share: 0.1, count: 10, masked: [], layers: 20 };
    expect(() => unsir.check?.(options as never, images)).toThrow(
      "unsir: expected whole classes to forget, got single images",
    );
    expect(() => unsir.check?.(options as never, { ...images, wholeClasses: true })).not.toThrow();
  });
});
