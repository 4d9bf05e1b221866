/** Forget batches beside the retained ones: one a step, from the first again when they are used up, and in each epoch. */
import type { BatchPlan } from "../../data/batch-plan.ts";
import type { Batch, BatchSource } from "../../data/batches.ts";
import { arange, type Generator, keep, randperm, type Tensor } from "../../torch/index.ts";
import type { Trainer } from "../../train/index.ts";

export class PairedBatches implements Disposable {
  readonly #source: BatchSource;
  readonly #trainer: Trainer;
  readonly #batches: BatchPlan;
  /** One an epoch, all drawn at the start: a resumed run takes the same. */
  readonly #orders: Tensor[];

  constructor(source: BatchSource, trainer: Trainer, epochs: number, generator: Generator) {
    this.#source = source;
    this.#trainer = trainer;
    this.#batches = trainer.batchesOf(source.count);
    this.#orders = Array.from({ length: epochs }, () =>
      keep(trainer.shuffles ? randperm(source.count, { generator }) : arange(0, source.count)),
    );
  }

  /** The batch beside that step, augmented like those trained on. Call it in a scope. */
  at(epoch: number, step: number): Batch {
    const { steps, at } = this.#batches;
    const { first, count } = at(step % steps);
    const order = this.#orders[epoch] as Tensor;
    return this.#source.take(order.narrow(0, first, count), this.#trainer.augmenting);
  }

  [Symbol.dispose](): void {
    for (const order of this.#orders) order.dispose();
  }
}
