/**
 * Bad teacher: a student of two teachers, the original on the retained data and an untrained network on the forget data.
 *
 *   min_θ  KL( l p_bad + (1 - l) p_good ‖ p(θ) ),  l = 1 on D_f, 0 on a part of D_r,  p = softmax(z / T)   from θ_o
 *
 * Symbols    p_good of θ_o · p_bad of a newly initialised network · D_f forget, D_r retained data · T temperature
 * Source     Chundawat et al., AAAI 2023, arXiv:2205.08096, equations 1 to 3
 * Reference  vikram2000b/bad-teaching-unlearning unlearn.py (defaults)
 * Differs    the divergence is averaged over images; the code's mean also divides by the number of classes, which does not change Adam's steps
 * Cost       `epochs` passes over D_f and a part of D_r, each with forward passes of two teachers
 */
import { logSoftmax, softmax } from "../nn/index.ts";
import { adam, constant } from "../optim/index.ts";
import { keep, noGrad, onesLike, scope, type Tensor, zerosLike } from "../torch/index.ts";
import { labelsOf } from "../data/labels.ts";
import { defineMethod } from "./method.ts";
import { mostEpochs } from "./sgd-options.ts";
import { select, concatenate, drawPositions, relabel } from "./tools/sources.ts";

export interface BadTeacherOptions {
  readonly epochs: number;
  readonly lr: number;
  /** Share of D_r that is trained on, in (0, 1]. */
  readonly retainShare: number;
  /** T > 0. */
  readonly temperature: number;
}

const reference = "vikram2000b/bad-teaching-unlearning: Adam, 1 epoch, rate 1e-4, 30 % of the retained data, T = 1";

export const badTeacher = defineMethod<BadTeacherOptions>({
  name: "bad-teacher",
  title: "Bad teacher",
  description: "distils from an untrained network on the forget data, and from the original on the retained data",
  source: "Chundawat et al., AAAI 2023, arXiv:2205.08096",
  cost: "epochs passes over the forget data and a part of the retained data, with forward passes of two more networks",
  needs: { retain: true, forget: true, start: "original" },
  options: {
    epochs: {
      type: "integer",
      default: 1,
      min: 1,
      max: mostEpochs,
      description: "passes over the method's data",
      source: reference,
    },
    lr: {
      type: "number",
      default: 1e-4,
      min: 0,
      aboveMin: true,
      description: "learning rate of Adam",
      source: reference,
    },
    retainShare: {
      type: "number",
      default: 0.3,
      min: 0,
      aboveMin: true,
      max: 1,
      description: "share of the retained data that is trained on, drawn once at the start",
      source: reference,
    },
    temperature: {
      type: "number",
      default: 1,
      min: 0,
      aboveMin: true,
      description: "divisor of the logits before the softmax",
      source: reference,
    },
  },

  smallestSet: ({ forget }) => forget + 1,

  async run({ model, retain, forget, trainer, generator, copy, fresh }, { epochs, lr, retainShare, temperature }) {
    using good = copy();
    using bad = fresh();
    const count = Math.max(1, Math.round(retainShare * retain.count));
    using positions_M = drawPositions(retain, count, generator);
    const part = select(retain, positions_M);
    // The loss needs no class, only which teacher an image has: 1 the untrained network, 0 the original. This replaces the label.
    using ofForget = keep(scope(() => onesLike(labelsOf(forget))));
    using ofRetain = keep(scope(() => zerosLike(labelsOf(part))));
    await trainer.fit(concatenate(relabel(forget, ofForget), relabel(part, ofRetain)), {
      epochs,
      optimizer: adam(model.namedParameters(), { lr }),
      schedule: constant({ lr }),
      loss: ({ images_NCHW, logits_NK, labels_N }) => {
        const [fromGood, fromBad] = noGrad(() => [good.call(images_NCHW), bad.call(images_NCHW)] as const);
        return twoTeachers(logits_NK, { fromGood, fromBad, bad_N: labels_N }, temperature);
      },
    });
    return {};
  },
});

/** KL of the teachers' mixture to the student, mean over the batch. @param bad_N 1 where the bad teacher is followed, else 0 */
export function twoTeachers(
  student_NK: Tensor,
  { fromGood, fromBad, bad_N }: { readonly fromGood: Tensor; readonly fromBad: Tensor; readonly bad_N: Tensor },
  temperature: number,
): Tensor {
  const share_N1 = bad_N.to(student_NK.dtype).unsqueeze(1);
  const [good, bad] = [fromGood, fromBad].map((logits) => softmax(logits.div(temperature))) as [Tensor, Tensor];
  const target = bad.mul(share_N1).add(good.mul(share_N1.neg().add(1)));
  const log = logSoftmax(student_NK.div(temperature));
  return target
    .mul(target.clampMin(1e-38).log().sub(log))
    .sum()
    .div(student_NK.shape[0] ?? 1);
}
