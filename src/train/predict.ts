/**
 * What a model says of images, in evaluation mode and without recording gradients.
 *
 * Shapes     M images · K classes
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { type BatchSource, positionsFrom } from "../data/batches.ts";
import { crossEntropy, evaluationMode, type Module } from "../nn/index.ts";
import { cat, keep, noGrad, scope, type Tensor } from "../torch/index.ts";
import { expectFiniteLogits } from "./finite.ts";

export interface Prediction {
  /** [M, K] in the model's dtype, on the CPU. */
  readonly logits: Tensor;
  /** int64 [M]. */
  readonly labels: Tensor;
}

export interface PredictOptions {
  /** Default 256. */
  readonly batchSize?: number;
  /** Images done so far. */
  readonly onProgress?: (done: number, count: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Logits and labels of every image of `source`, in order. The model's mode is put back. The caller owns both tensors.
 * @throws CoppiceError E_CONFIG when a logit is not finite: the model is destroyed
 */
export async function predict(model: Module, source: BatchSource, options: PredictOptions = {}): Promise<Prediction> {
  const { batchSize = 256, onProgress, signal } = options;
  using _mode = evaluationMode(model);
  const parts: Prediction[] = [];
  try {
    for (let start = 0; start < source.count; start += batchSize) {
      signal?.throwIfAborted();
      parts.push(scope(() => predictBatch(model, source, start, batchSize)));
      onProgress?.(Math.min(source.count, start + batchSize), source.count);
      await nextTurn();
    }
    const joined = scope(() => {
      const logits = cat(parts.map((part) => part.logits));
      expectFiniteLogits(logits);
      return { logits, labels: cat(parts.map(({ labels }) => labels)) };
    });
    return { logits: keep(joined.logits), labels: keep(joined.labels) };
  } finally {
    for (const { logits, labels } of parts) {
      logits.dispose();
      labels.dispose();
    }
  }
}

function predictBatch(model: Module, source: BatchSource, start: number, batchSize: number): Prediction {
  return noGrad(() => {
    const positions = positionsFrom(start, Math.min(batchSize, source.count - start));
    const { images, labels } = source.take(positions, null);
    return { logits: model.call(images).to("cpu"), labels: labels.to("cpu") };
  });
}

export interface Score {
  /** Mean cross-entropy. */
  readonly loss: number;
  /** 0 to 1. */
  readonly accuracy: number;
}

/** Loss and accuracy on `source`, without interruption: for short sets inside of the training loop. */
export function score(model: Module, source: BatchSource, batchSize = 256): Score {
  using _mode = evaluationMode(model);
  let loss = 0;
  let correct = 0;
  for (let start = 0; start < source.count; start += batchSize) {
    scope(() => {
      const { logits, labels } = predictBatch(model, source, start, batchSize);
      loss += crossEntropy(logits, labels, { reduction: "sum" }).item();
      correct += logits.argmax(1).eq(labels).sum().item();
    });
  }
  return { loss: loss / source.count, accuracy: correct / source.count };
}
