/** How the images of a set are divided into batches. */
import { expectInteger } from "../util/assert.ts";

export interface BatchPlan {
  /** Batches, ≥ 1 of a set that is not empty. */
  readonly steps: number;
  /** Where the batch of `step` (from 0) begins, and how many images it holds. */
  readonly at: (step: number) => { readonly first: number; readonly count: number };
}

/** Batches of `batchSize` images; the last one holds the rest. @throws CoppiceError E_ARG for no positive integer */
export function plainBatches(count: number, batchSize: number): BatchPlan {
  expectInteger("batchSize", batchSize, { min: 1 });
  const at = (step: number): ReturnType<BatchPlan["at"]> => {
    const first = step * batchSize;
    return { first, count: Math.min(batchSize, count - first) };
  };
  return { steps: Math.ceil(count / batchSize), at };
}

/**
 * Batches for training: as {@link plainBatches}, but a single image that is left over joins the batch before, which then holds `batchSize` + 1.
 * In a separate batch it would be normalised by no variance, or by that of its pixels alone.
 */
export function trainingBatches(count: number, batchSize: number): BatchPlan {
  const plain = plainBatches(count, batchSize);
  if (batchSize === 1 || count <= batchSize || count % batchSize !== 1) return plain;
  const steps = plain.steps - 1;
  const last = { first: (steps - 1) * batchSize, count: batchSize + 1 };
  return { steps, at: (step) => (step === steps - 1 ? last : plain.at(step)) };
}

/** Images in the smallest batch. */
export function smallestBatch({ steps, at }: BatchPlan): number {
  return Math.min(at(0).count, at(steps - 1).count);
}
