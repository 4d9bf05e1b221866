/** Forget batches beside the retained ones: one a step, from the first again when they are used up, and in each epoch. */
import type { Batch, BatchSource } from "../../data/batches.ts";
import { arange, type Generator, keep, randperm, type Tensor } from "../../torch/index.ts";
import type { Trainer } from "../../train/index.ts";

export class PairedBatches implements Disposable {
  readonly #source: BatchSource;
  readonly #trainer: Trainer;
  /** One an epoch, all drawn at the start: a resumed run takes the same. */
  readonly #orders: Tensor[];

  constructor(source: BatchSource, trainer: Trainer, epochs: number, generator: Generator) {
    this.#source = source;
    this.#trainer = trainer;
    this.#orders = Array.from({ length: epochs }, () =>
      keep(trainer.shuffles ? randperm(source.count, { generator }) : arange(0, source.count)),
    );
  }

  /** The batch beside that step, augmented like those trained on. Call it in a scope. */
  at(epoch: number, step: number): Batch {
    const { batchSize, augmenting } = this.#trainer;
    const batches = Math.ceil(this.#source.count / batchSize);
    const first = (step % batches) * batchSize;
    const order = this.#orders[epoch] as Tensor;
    return this.#source.take(order.narrow(0, first, Math.min(batchSize, this.#source.count - first)), augmenting);
  }

  [Symbol.dispose](): void {
    for (const order of this.#orders) order.dispose();
  }
}
