/** Grey images for a model of colour images: the same plane three times. */
import type { Batch, BatchSource } from "../../data/batches.ts";
import type { Generator, Tensor } from "../../torch/index.ts";

const COLOURS = 3;

export class ColourSource implements BatchSource {
  readonly count: number;
  readonly #grey: BatchSource;

  /** @param grey its batches are [N, 1, H, W] */
  constructor(grey: BatchSource) {
    this.count = grey.count;
    this.#grey = grey;
  }

  /** Batches [N, 3, H, W]. */
  take(positions: Tensor, augment: Generator | null): Batch {
    const { images, labels } = this.#grey.take(positions, augment);
    return { images: images.expand([-1, COLOURS, -1, -1]).contiguous(), labels };
  }
}
