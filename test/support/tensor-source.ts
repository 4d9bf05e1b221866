/** Ready-made images and labels as a source of batches, for data that is not uint8 images. */
import type { Batch, BatchSource } from "../../src/data/batches.ts";
import type { Tensor } from "../../src/torch/index.ts";

export class TensorSource implements BatchSource {
  readonly count: number;
  readonly #images: Tensor;
  readonly #labels: Tensor;

  constructor({ images, labels }: { images: Tensor; labels: Tensor }) {
    this.count = labels.numel;
    this.#images = images;
    this.#labels = labels;
  }

  take(positions: Tensor): Batch {
    return { images: this.#images.indexSelect(0, positions), labels: this.#labels.indexSelect(0, positions) };
  }
}
