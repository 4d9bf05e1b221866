/**
 * Images as tensors: whole batches gathered, augmented and scaled in one operator.
 *
 * Shapes     N batch · M images of the subset · C,H,W image
 */
import { cropFlip, type Generator, keep, randint, scope, type Tensor, tensor } from "../torch/index.ts";
import { expectInteger } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import type { ImageSet } from "./dataset.ts";

export interface Batch {
  /** float32 [N, C, H, W] in [0, 1]; the model normalises. */
  readonly images: Tensor;
  /** int64 [N]. */
  readonly labels: Tensor;
}

/** Anything that training can draw batches from. */
export interface BatchSource {
  /** M, at least 1. */
  readonly count: number;
  /**
   * The batch at `positions` (int64 [N], each 0 to M - 1), augmented with draws of `augment`, or as it is when null.
   * Call it in a scope: it makes tensors.
   */
  take(positions: Tensor, augment: Generator | null): Batch;
}

/** Zero frame around the image that crops are taken from, as customary for CIFAR and in the reference implementation. */
export const cropPadding = 4;

/** The images of one part of a data set, on one device; subsets of it share the memory. */
export class DeviceImages implements Disposable {
  readonly images: Tensor;
  readonly labels: Tensor;
  readonly device: string;

  constructor(set: ImageSet, { channels, height, width }: ImageShape, device: string) {
    const labels = BigInt64Array.from(set.labels, BigInt);
    this.images = keep(tensor(set.images, { shape: [set.count, channels, height, width], device }));
    this.labels = keep(tensor(labels, { device }));
    this.device = device;
  }

  /** Only the images at `indices`, in that order. @throws CoppiceError E_DATA when there are none. */
  subset(indices: readonly number[], what: string): ImageSubset {
    return new ImageSubset(this, indices, what);
  }

  dispose(): void {
    this.images.dispose();
    this.labels.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

export interface ImageShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export class ImageSubset implements BatchSource {
  readonly count: number;
  readonly #set: DeviceImages;
  readonly #indices: Tensor;

  constructor(set: DeviceImages, indices: readonly number[], what: string) {
    if (indices.length === 0) throw new CoppiceError("E_DATA", `${what}: expected at least one image, got none`);
    this.count = indices.length;
    this.#set = set;
    this.#indices = keep(tensor(BigInt64Array.from(indices, BigInt), { device: set.device }));
  }

  take(positions: Tensor, augment: Generator | null): Batch {
    const { images, labels, device } = this.#set;
    const indices_N = this.#indices.indexSelect(0, positions.to(device));
    return { images: gatherImages(images, indices_N, augment), labels: labels.indexSelect(0, indices_N) };
  }
}

function gatherImages(images: Tensor, indices_N: Tensor, augment: Generator | null): Tensor {
  const count = indices_N.numel;
  if (augment === null) return images.indexSelect(0, indices_N).to("float32").div_(255);
  // One draw a quantity and batch, always in this order: what a seed gives must not depend on anything else.
  const top = randint(0, 2 * cropPadding + 1, [count], { generator: augment });
  const left = randint(0, 2 * cropPadding + 1, [count], { generator: augment });
  const flip = randint(0, 2, [count], { generator: augment, dtype: "bool" });
  const { device } = images;
  return cropFlip(images, indices_N, top.to(device), left.to(device), flip.to(device), cropPadding);
}

/** Calls `visit` with every batch in order, without augmentation; each batch's tensors are freed after its visit. */
export function forEachBatch(
  source: BatchSource,
  batchSize: number,
  visit: (batch: Batch, start: number) => void,
): void {
  expectInteger("batchSize", batchSize, { min: 1 });
  for (let start = 0; start < source.count; start += batchSize) {
    scope(() => visit(source.take(positionsFrom(start, Math.min(batchSize, source.count - start)), null), start));
  }
}

/** `start`, `start + 1`, …: `count` positions. */
export function positionsFrom(start: number, count: number): Tensor {
  return tensor(BigInt64Array.from({ length: count }, (_, i) => BigInt(start + i)));
}
