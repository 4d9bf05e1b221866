import { describe, expect, it } from "vitest";
import { forEachBatch } from "../../../src/data/batches.ts";
import { labelsOf } from "../../../src/data/labels.ts";
import { crossEntropy } from "../../../src/nn/index.ts";
import { Generator, noGrad, randn, scope, tensor, zeros } from "../../../src/torch/index.ts";
import { learnNoise, unsir } from "../../../src/unlearn/unsir.ts";
import { expectState, tinyContext } from "../../support/tiny-unlearning.ts";
import { headOf, linearContext, oneHot, probabilities, rowsOf, combined } from "../../support/linear-unlearning.ts";

const options = {
  lr: 1e-3,
  retainShare: 0.5,
  noiseImages: 8,
  noiseSteps: 10,
  noiseLr: 0.1,
  noisePenalty: 0.001,
  noiseRepeats: 4,
};

describe("UNSIR", () => {
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

describe("UNSIR of a linear classifier", () => {
  it("takes steps of Adam on the noise along the formula of the gradient", () => {
    const { model, copy } = linearContext();
    using original = copy();
    const [label, images, rate, penalty] = [1, 4, 0.1, 0.2];
    scope(() => {
      const noise = randn([images, 5, 1, 1], { generator: Generator.seeded(1), dtype: "float64" });
      const source = {
        count: images,
        take: () => ({ images: noise.clone(), labels: zeros([images], { dtype: "int64" }) }),
      };
      const { x } = rowsOf(model, source);
      learnNoise(original, noise, label, { noiseSteps: 1, noiseLr: rate, noisePenalty: penalty });
      // -∂CE/∂n = -Wᵀ (p - e_y) / N, and 2 ρ n / N of the penalty; the first step of Adam is its sign but for ε.
      const head = headOf(model);
      const errors = combined([1, probabilities(head, x)], [-1, oneHot(Array<number>(images).fill(label))]);
      const moved = rowsOf(model, source).x;
      errors.forEach((error, n) => {
        for (let i = 0; i < 5; i++) {
          const pulled = error.reduce((sum, value, k) => sum + value * (head[k]?.[i] ?? NaN), 0);
          const gradient = (2 * penalty * (x[n]?.[i] ?? NaN) - pulled) / images;
          const step = (rate * gradient) / (Math.abs(gradient) + 1e-8);
          expect(moved[n]?.[i]).toBeCloseTo((x[n]?.[i] ?? NaN) - step, 10);
        }
      });
    });
  });

  it("impairs on the noise with the retained data beside it, then repairs on those alone", async () => {
    const context = linearContext({ forgetClasses: [2], batchSize: 64 });
    const { model, trainer } = context;
    const [start, lr] = [headOf(model), 0.01];
    const seen: bigint[][] = [];
    const fit = trainer.fit.bind(trainer);
    trainer.fit = async (source, how) => {
      forEachBatch(source, 64, ({ labels }) => void seen.push([...(labels.data() as BigInt64Array)]));
      const summary = await fit(source, how);
      // The first step of Adam moves every entry by lr, whatever its gradient.
      const moves = combined([1, headOf(model)], [-1, start]).flat();
      if (seen.length === 1) for (const move of moves) expect(Math.abs(move)).toBeCloseTo(lr, 6);
      return summary;
    };
    await unsir.run(context, { ...options, lr, retainShare: 1, noiseImages: 4, noiseRepeats: 3 });
    const [impaired = [], repaired = []] = seen;
    expect(impaired.slice(0, 12)).toEqual(Array<bigint>(12).fill(2n));
    expect(impaired.slice(12)).toEqual(repaired);
    expect(repaired.toSorted()).toEqual(labelsOf(context.retain).toArray().map(BigInt).toSorted());
  });
});
