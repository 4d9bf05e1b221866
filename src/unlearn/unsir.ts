/**
 * UNSIR: learn noise images with the largest loss for the forgotten classes, train on them under these classes, then repair on retained data.
 *
 *   noise     n ← min_n  -CE(θ_o; n, y) + ρ mean ‖n‖²   for each forgotten class y, by Adam
 *   impair    min_θ CE(θ; n with y, and a part of D_r)      repair    min_θ CE(θ; the same part of D_r)
 *
 * Symbols    θ_o original, evaluation mode · y forgotten class · D_r retained data · ρ weight of the noise's size
 * Source     Tarun et al., IEEE TNNLS 2023, arXiv:2111.08947, section 4
 * Reference  vikram2000b/bad-teaching-unlearning unlearn.py, UNSIR (defaults)
 * Differs    for whole classes only, as in the paper; several classes at once have noise each
 * Cost       `noiseSteps` passes over the noise, then two passes over a part of D_r, one with the noise beside it
 */
import { crossEntropy } from "../nn/index.ts";
import { adam, constant } from "../optim/index.ts";
import type { Batch, BatchSource } from "../data/batches.ts";
import { cat, grad, keep, noGrad, randn, scope, type Tensor, zeros } from "../torch/index.ts";
import type { Model } from "../models/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { defineMethod, type MethodContext } from "./method.ts";
import { select, concatenate, drawPositions } from "./tools/sources.ts";

export interface UnsirOptions {
  /** Learning rate of Adam when impairing and repairing, > 0. */
  readonly lr: number;
  /** Share of D_r that is trained on, in (0, 1]. */
  readonly retainShare: number;
  /** Noise images for each class. */
  readonly noiseImages: number;
  /** Steps of Adam on the noise. */
  readonly noiseSteps: number;
  /** Learning rate of Adam on the noise, > 0. */
  readonly noiseLr: number;
  /** ρ ≥ 0. */
  readonly noisePenalty: number;
  /** How often each noise image is trained on when impairing. */
  readonly noiseRepeats: number;
}

const reference = "vikram2000b/bad-teaching-unlearning unlearn.py, UNSIR";

export const unsir = defineMethod<UnsirOptions>({
  name: "unsir",
  title: "UNSIR",
  description:
    "trains on noise that maximises the loss of the forgotten classes, then repairs on retained data; for whole classes",
  source: "Tarun et al., IEEE TNNLS 2023, arXiv:2111.08947",
  cost: "a few passes over noise and two over a part of the retained data",
  needs: { retain: true, forget: false, start: "original" },
  options: {
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
      source: "as bad-teacher",
    },
    noiseImages: {
      type: "integer",
      default: 256,
      min: 1,
      max: 1024,
      description: "noise images for each class",
      source: reference,
    },
    noiseSteps: {
      type: "integer",
      default: 40,
      min: 1,
      max: 100_000,
      description: "steps of Adam on the noise",
      source: `${reference}: 5 epochs of 8`,
    },
    noiseLr: {
      type: "number",
      default: 0.1,
      min: 0,
      aboveMin: true,
      description: "learning rate of Adam on the noise",
      source: reference,
    },
    noisePenalty: {
      type: "number",
      default: 0.1,
      min: 0,
      description: "weight of the noise's mean square norm",
      source: reference,
    },
    noiseRepeats: {
      type: "integer",
      default: 20,
      min: 1,
      max: 1000,
      description: "how often each noise image is trained on",
      source: reference,
    },
  },

  check(_options, { wholeClasses }) {
    if (wholeClasses) return;
    throw new CoppiceError("E_CONFIG", "unsir: expected whole classes to forget, got single images", {
      hint: "use --class, or a method that forgets single images",
    });
  },

  smallestSet: ({ retain }, { retainShare }) => Math.max(1, Math.round(retainShare * retain)),

  async run(context, options) {
    const { model, retain, trainer, generator, forgetClasses } = context;
    const { lr, retainShare, noiseRepeats } = options;
    using noise_MCHW = noiseFor(context, options);
    const count = Math.max(1, Math.round(retainShare * retain.count));
    using positions_M = drawPositions(retain, count, generator);
    const part = select(retain, positions_M);
    const optimizer = adam(model.namedParameters(), { lr });
    const how = { epochs: 1, optimizer, schedule: constant({ lr }) };
    using labels_M = keep(scope(() => cat(forgetClasses.map((label) => classOf(label, options.noiseImages)))));
    await trainer.fit(concatenate(repeat(noise_MCHW, labels_M, noiseRepeats), part), how);
    await trainer.fit(part, how);
    return {};
  },
});

const classOf = (label: number, count: number, device = "cpu"): Tensor =>
  zeros([count], { dtype: "int64", device }).add(label);

/** Learnt noise of all classes, class by class: float [classes · noiseImages, C, H, W]; kept. */
function noiseFor({ model, trainer, copy, generator, forgetClasses }: MethodContext, options: UnsirOptions): Tensor {
  using original = copy("dense");
  const { inChannels, imageSize } = model.spec;
  const { dtype = "float32", device = "cpu" } = model.parameters()[0] ?? {};
  const parts = forgetClasses.map((label) => {
    const noise = keep(
      scope(() => randn([options.noiseImages, inChannels, imageSize, imageSize], { generator }).to(dtype).to(device)),
    );
    trainer.work(() => learnNoise(original, noise, label, options));
    return noise;
  });
  const all = keep(scope(() => cat(parts.map((part) => part.detach()))));
  for (const part of parts) part.dispose();
  return all;
}

/** Moves `noise_NCHW` in place to where the model's loss for `label` is large and the noise small. */
export function learnNoise(
  original: Model,
  noise_NCHW: Tensor,
  label: number,
  { noiseSteps, noiseLr, noisePenalty }: Pick<UnsirOptions, "noiseSteps" | "noiseLr" | "noisePenalty">,
): void {
  noise_NCHW.requiresGrad = true;
  const optimizer = adam(new Map([["noise", noise_NCHW]]), { lr: noiseLr });
  for (let step = 0; step < noiseSteps; step++) {
    scope(() => {
      const labels_N = classOf(label, noise_NCHW.shape[0] ?? 0, noise_NCHW.device);
      const size = noise_NCHW.square().sumDim([1, 2, 3]).mean();
      const loss = crossEntropy(original.call(noise_NCHW), labels_N).neg().add(size, noisePenalty);
      const [gradient] = grad([loss], [noise_NCHW]) as [Tensor];
      noise_NCHW.grad = gradient;
      noGrad(() => optimizer.step());
      noise_NCHW.grad = null;
    });
  }
  noise_NCHW.requiresGrad = false;
}

/** Images at hand, each several times. */
function repeat(images_MCHW: Tensor, labels_M: Tensor, times: number): BatchSource {
  const count = labels_M.numel;
  return {
    count: times * count,
    take(positions_N): Batch {
      const own_N = positions_N.remainder(count);
      const images = images_MCHW.indexSelect(0, own_N.to(images_MCHW.device));
      return { images, labels: labels_M.indexSelect(0, own_N).to(images.device) };
    },
  };
}
