/** What the last linear layer of a network is shown of images: the features that detectors look at. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { type BatchSource, positionsFrom } from "../data/batches.ts";
import type { Model } from "../models/index.ts";
import { Linear } from "../nn/index.ts";
import { cat, keep, noGrad, scope, type Tensor } from "../torch/index.ts";
import { CoppiceError } from "../util/errors.ts";

export interface Features {
  /** float32 [M, D], on the CPU; the caller disposes of it. */
  readonly features_MD: Tensor;
  /** M labels. */
  readonly labels: readonly number[];
}

const batchSize = 256;

/** Features and labels of every image of `source`, in order. @throws CoppiceError E_CONFIG for a network without a linear layer, or of several networks */
export async function featuresOf(model: Model, source: BatchSource, signal?: AbortSignal): Promise<Features> {
  const layer = lastLinear(model);
  const parts: Tensor[] = [];
  const labels: number[] = [];
  layer.setForwardPreHook((input) => parts.push(keep(input.detach().to("cpu").to("float32").clone())));
  try {
    for (let start = 0; start < source.count; start += batchSize) {
      signal?.throwIfAborted();
      noGrad(() =>
        scope(() => {
          const batch = source.take(positionsFrom(start, Math.min(batchSize, source.count - start)), null);
          model.call(batch.images);
          labels.push(...batch.labels.toArray());
        }),
      );
      await nextTurn();
    }
    return { features_MD: keep(scope(() => cat(parts))), labels };
  } finally {
    layer.setForwardPreHook(null);
    for (const part of parts) part.dispose();
  }
}

function lastLinear(model: Model): Linear {
  const layers = [...model.namedModules().values()].filter((module) => module instanceof Linear);
  const last = layers.at(-1);
  if (last !== undefined && model.spec.members === 1) return last;
  const got = last === undefined ? "one without" : `an ensemble of ${model.spec.members}`;
  throw new CoppiceError("E_CONFIG", `detection: expected one network that ends in a linear layer, got ${got}`, {
    hint: "use --detect strip, which looks at predictions alone",
  });
}

/** The positions of each class, by label, ascending. */
export function positionsByClass(labels: readonly number[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  labels.forEach((label, position) => {
    const list = found.get(label) ?? [];
    list.push(position);
    found.set(label, list);
  });
  return new Map([...found].toSorted(([a], [b]) => a - b));
}
