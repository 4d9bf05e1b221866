/**
 * STRIP: an image with a trigger keeps its predicted class when it is mixed with other images, so the predictions of its mixtures have low entropy.
 *
 *   H_i = mean over R clean images r of  -Σ p log p,   p = softmax(logits(α x_i + (1 - α) x_r));   suspects: H_i below a quantile of clean images' H
 *
 * Shapes     N batch · R overlays · C,H,W image · K classes
 * Source     Gao et al., ACSAC 2019, arXiv:1902.06531, equations 3 to 5
 * Reference  SCLBD/BackdoorBench defense/strip.py, config/defense/strip: α = 0.5, R = 64, false alarms 0.05
 * Differs    the threshold is the quantile itself of clean held-out images (there, of a normal distribution fitted to them)
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { type BatchSource, positionsFrom } from "../data/batches.ts";
import type { Model } from "../models/index.ts";
import { noGrad, randperm, scope, type Tensor, tensor } from "../torch/index.ts";
import { defineDetector, type DetectorContext } from "./detector.ts";

interface StripOptions {
  /** R. */
  readonly overlays: number;
  /** α. */
  readonly alpha: number;
  /** Share of clean images that may be suspected. */
  readonly falseAlarms: number;
}

const source = "BackdoorBench config/defense/strip";
const imagesAtOnce = 512;

export const strip = defineDetector<StripOptions>({
  name: "strip",
  title: "STRIP",
  description: "suspects images whose predicted class stays the same when they are mixed with clean images",
  source: "Gao et al., ACSAC 2019, arXiv:1902.06531",
  cost: "`overlays` passes over the training and the held-out images",
  options: {
    overlays: {
      type: "integer",
      default: 64,
      min: 1,
      max: imagesAtOnce,
      description: "clean images that each image is mixed with",
      source,
    },
    alpha: { type: "number", default: 0.5, min: 0, max: 1, description: "share of the image in the mixture", source },
    falseAlarms: {
      type: "number",
      default: 0.05,
      min: 0,
      aboveMin: true,
      max: 0.5,
      description: "share of the clean held-out images whose entropy is below the threshold",
      source,
    },
  },

  async run(context, { overlays, alpha, falseAlarms }) {
    const { model, train, generator, log } = context;
    const heldOut = context.heldOut();
    const over = scope(() => {
      const chosen = randperm(heldOut.count, { generator }).narrow(0, 0, Math.min(overlays, heldOut.count));
      return chosen.toArray();
    });
    const mixtures = { model, alpha, heldOut, over };
    const clean = (await entropies(heldOut, mixtures, context)).toSorted((a, b) => a - b);
    const threshold = clean[Math.floor(falseAlarms * clean.length)] ?? 0;
    log(`entropy threshold ${threshold.toFixed(4)}, below which ${falseAlarms} of the clean held-out images lie`);
    const entropy = await entropies(train, mixtures, context);
    const suspects = [...entropy.keys()].filter((position) => (entropy[position] ?? 0) < threshold);
    return { suspects, scores: entropy.map((value) => -value) };
  },
});

interface Mixtures {
  readonly model: Model;
  readonly alpha: number;
  readonly heldOut: BatchSource;
  /** Positions of the overlays in `heldOut`. */
  readonly over: readonly number[];
}

/** Mean entropy, in nats, of the predictions of each image's mixtures. */
async function entropies(
  source: BatchSource,
  { model, alpha, heldOut, over }: Mixtures,
  { signal }: Pick<DetectorContext, "signal">,
): Promise<number[]> {
  const batch = Math.max(1, Math.floor(imagesAtOnce / over.length));
  const found: number[] = [];
  for (let start = 0; start < source.count; start += batch) {
    signal?.throwIfAborted();
    const count = Math.min(batch, source.count - start);
    const entropy = noGrad(() =>
      scope(() => {
        const images_NCHW = source.take(positionsFrom(start, count), null).images;
        const overlays_RCHW = heldOut.take(positionsOf(over), null).images;
        const mixed = images_NCHW
          .unsqueeze(1)
          .mul(alpha)
          .add(overlays_RCHW.unsqueeze(0).mul(1 - alpha));
        const [, , ...image] = mixed.shape;
        const logs = model.call(mixed.reshape([count * over.length, ...image])).logSoftmax(1);
        return logs.exp().mul(logs).sumDim([1]).neg().reshape([count, over.length]).meanDim([1]).toArray();
      }),
    );
    found.push(...entropy);
    await nextTurn();
  }
  return found;
}

function positionsOf(positions: readonly number[]): Tensor {
  return tensor(BigInt64Array.from(positions, BigInt));
}
