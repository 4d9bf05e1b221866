/** What a training step takes on this machine. */
import type { BatchSource } from "../data/batches.ts";
import type { Module } from "../nn/index.ts";
import { constant, type Optimizer, sgd } from "../optim/index.ts";
import type { Mask } from "../prune/index.ts";
import { Generator } from "../torch/index.ts";
import { defined } from "../util/defined.ts";
import { Trainer } from "./trainer.ts";

const timedSteps = 3;

export interface TimedModel {
  readonly model: Module;
  /** Held while it trains; default none. */
  readonly mask?: Mask | null;
}

export interface StepOptions {
  /** Crop and flip. Default false. */
  readonly augment?: boolean;
  /** Of rate 0, so that the weights stay as they are. Default SGD's. */
  readonly optimizer?: (model: Module) => Optimizer;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Wall seconds of a training step on all of `batch`, its input included, for each of `models`: the fastest of a few steps, since whatever else
 * the machine does only adds to one. The models take turns, so that a machine growing slower favours none; the first step of each is not
 * counted, since it makes what later ones reuse.
 * @throws Interrupted when asked to stop
 */
export async function stepSeconds(
  models: readonly TimedModel[],
  batch: BatchSource,
  { augment = false, optimizer, signal }: StepOptions = {},
): Promise<number[]> {
  using order = Generator.seeded(1);
  using flips = Generator.seeded(2);
  const optimizers = models.map(({ model }) => optimizer?.(model) ?? sgd(model.namedParameters(), { lr: 0 }));
  const steps = models.map(({ model, mask = null }, i) => {
    const generators = { order, augment: flips };
    const options = defined({ signal });
    const trainer = new Trainer({ model, mask, generators, batchSize: batch.count, augment, ...options });
    const unmoved = optimizers[i] as Optimizer;
    return () => trainer.fit(batch, { epochs: 1, optimizer: unmoved, schedule: constant({ lr: 0 }) });
  });
  const fastest = models.map(() => Infinity);
  try {
    for (let turn = 0; turn <= timedSteps; turn++) {
      for (const [i, step] of steps.entries()) {
        const { seconds } = await step();
        if (turn > 0) fastest[i] = Math.min(fastest[i] ?? Infinity, seconds);
      }
    }
  } finally {
    for (const each of optimizers) each.dispose();
  }
  return fastest;
}
