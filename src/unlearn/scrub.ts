/**
 * SCRUB: a student that disobeys its teacher on the forget data and obeys it on the retained data.
 *
 *   epochs before `maxEpochs`:  max_θ  d(θ; D_f)            then, every epoch:  min_θ  α d(θ; D_r) + γ CE(θ; D_r)
 *   d = T² KL( p(θ_o) ‖ p(θ) ),  p = softmax(z / T)   from θ_o
 *   SCRUB+R (`rewind validation`): of the models after each epoch the one whose error on D_f is nearest to the last one's on V
 *
 * Symbols    θ_o original, the teacher, in evaluation mode · D_f forget, D_r retained data · V held-out images of D_f's kind · T temperature
 * Source     Kurmanji et al., NeurIPS 2023, arXiv:2302.09880, equations 2 and 3, algorithm 1, section 3.2 (SCRUB+R)
 * Reference  meghdadk/SCRUB, large-scale notebook (defaults)
 * Differs    no known difference
 * Cost       `maxEpochs` passes over D_f and `epochs` over D_r, each with a forward pass of the teacher; with `rewind` one pass over D_f an epoch
 */
import { crossEntropy } from "../nn/index.ts";
import { constant, sgd } from "../optim/index.ts";
import { noGrad, type Tensor } from "../torch/index.ts";
import { score, type StepContext } from "../train/index.ts";
import type { Model } from "../models/index.ts";
import { distillation } from "./tools/distillation.ts";
import { disposeAll } from "./tools/parameters.ts";
import { CoppiceError } from "../util/errors.ts";
import { defineMethod, type MethodContext } from "./method.ts";
import { expectWithinEpochs, mostEpochs, sgdOptions, type SgdMethodOptions } from "./sgd-options.ts";

export interface ScrubOptions extends SgdMethodOptions {
  /** Epochs that begin with a pass of ascent, 0 to `epochs`. */
  readonly maxEpochs: number;
  /** α ≥ 0. */
  readonly alpha: number;
  /** γ ≥ 0. */
  readonly gamma: number;
  /** T > 0. */
  readonly temperature: number;
  readonly rewind: "none" | "validation";
}

const notebook = "meghdadk/SCRUB large-scale notebook";

export const scrub = defineMethod<ScrubOptions>({
  name: "scrub",
  title: "SCRUB",
  description:
    "moves predictions away from the original's on the forget data, and keeps them close to the original's on the retained data",
  source: "Kurmanji et al., NeurIPS 2023, arXiv:2302.09880",
  cost: "maxEpochs passes over the forget and epochs over the retained data, each with a forward pass of the original",
  needs: { retain: true, forget: true, start: "original" },
  options: {
    ...sgdOptions({ epochs: 3, lr: 5e-4, source: notebook }),
    maxEpochs: {
      type: "integer",
      default: 2,
      min: 0,
      max: mostEpochs,
      description: "epochs that begin with a pass of ascent",
      source: notebook,
    },
    alpha: {
      type: "number",
      default: 0.001,
      min: 0,
      description: "weight of the distance to the original's predictions on the retained data",
      source: notebook,
    },
    gamma: {
      type: "number",
      default: 0.99,
      min: 0,
      description: "weight of the cross-entropy on the retained data",
      source: notebook,
    },
    temperature: {
      type: "number",
      default: 4,
      min: 0,
      aboveMin: true,
      description: "divisor of the logits before the softmax",
      source: notebook,
    },
    rewind: {
      type: "choice",
      default: "none",
      choices: ["none", "validation"],
      description:
        "validation is SCRUB+R: go back to the epoch whose error on the forget data is nearest to the error on held-out images of the same kind",
      source: "Kurmanji et al., section 3.2: for privacy, against membership inference",
    },
  },

  check({ maxEpochs, epochs }) {
    expectWithinEpochs("scrub", "maxEpochs", maxEpochs, epochs);
  },

  smallestSet: ({ retain, forget }, { maxEpochs }) => (maxEpochs === 0 ? retain : Math.min(retain, forget)),

  needsValidation: ({ rewind }) => rewind === "validation",

  async run(context, options) {
    const { model, retain, forget, trainer, copy, snapshots } = context;
    const { epochs, maxEpochs, lr, momentum, weightDecay, rewind } = options;
    using teacher = copy();
    const how = {
      epochs: 1,
      optimizer: sgd(model.namedParameters(), { lr, momentum, weightDecay }),
      schedule: constant({ lr }),
    };
    for (let epoch = 0; epoch < epochs; epoch++) {
      if (epoch < maxEpochs) await trainer.fit(forget, { ...how, loss: (step) => disobey(teacher, step, options) });
      if (rewind === "validation" && trainer.repeats && !snapshots.has(snapshotName(epoch)))
        throw missingSnapshot(epoch);
      await trainer.fit(retain, { ...how, loss: (step) => obey(teacher, step, options) });
      // Of an epoch that was done before an interruption only the snapshot is left.
      if (rewind === "validation" && !snapshots.has(snapshotName(epoch)))
        snapshots.save(snapshotName(epoch), model.stateDict());
    }
    if (rewind === "validation") trainer.work(() => rewindByValidation(context, epochs));
    return {};
  },
});

function snapshotName(epoch: number): string {
  return `epoch${epoch + 1}`;
}

function missingSnapshot(epoch: number): CoppiceError {
  return new CoppiceError(
    "E_CHECKPOINT",
    `scrub: expected the weights after epoch ${epoch + 1}, which was done before the interruption, got none`,
    { hint: "restore the run's folder snapshots/, or start it again with --force" },
  );
}

/** Leaves the weights of the epoch whose error on the forget data is nearest to the last one's on held-out images; of equal ones the last. */
function rewindByValidation({ model, forget, validation, snapshots, log }: MethodContext, epochs: number): void {
  const wanted = 1 - score(model, validation).accuracy;
  let best = { epoch: 0, error: Infinity };
  for (let epoch = 0; epoch < epochs; epoch++) {
    restore(model, snapshots.load(snapshotName(epoch)));
    const error = 1 - score(model, forget).accuracy;
    if (Math.abs(error - wanted) <= Math.abs(best.error - wanted)) best = { epoch, error };
  }
  restore(model, snapshots.load(snapshotName(best.epoch)));
  log(
    `back to epoch ${best.epoch + 1} of ${epochs}: error ${best.error.toFixed(4)} on the forget data, ${wanted.toFixed(4)} on held-out images of their kind`,
  );
}

function restore(model: Model, state: Map<string, Tensor>): void {
  model.loadStateDict(state);
  disposeAll(state);
}

/** -d on a batch of the forget data. */
export function disobey(teacher: Model, step: StepContext, { temperature }: Pick<ScrubOptions, "temperature">): Tensor {
  return distill(teacher, step, temperature).neg();
}

/** α d + γ CE on a batch of the retained data. */
export function obey(
  teacher: Model,
  step: StepContext,
  options: Pick<ScrubOptions, "alpha" | "gamma" | "temperature">,
): Tensor {
  const { alpha, gamma, temperature } = options;
  const distance = distill(teacher, step, temperature);
  return crossEntropy(step.logits_NK, step.labels_N).mul(gamma).add(distance, alpha);
}

/** d of a batch: how far the student's predictions are from the teacher's. */
function distill(teacher: Model, { images_NCHW, logits_NK }: StepContext, temperature: number): Tensor {
  const teacher_NK = noGrad(() => teacher.call(images_NCHW));
  return distillation(logits_NK, teacher_NK, temperature);
}
