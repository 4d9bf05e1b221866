/**
 * I-BAU: trains the model against a universal adversarial perturbation, with the implicit hypergradient: how the perturbation changes with the
 * weights is part of the gradient.
 *
 *   min over θ  CE(f_θ(x + p*); y) on D_c,   p* = argmin -CE(f_θ(x + p); argmax f_θ(x)) + 0.001 ‖p‖²,  ‖p‖ ≤ 10
 *   dL/dθ = ∂L/∂θ + (∂Φ/∂θ)ᵀ v,   v = Σ over k < K ((∂Φ/∂p)ᵀ)^k ∂L/∂p,   Φ(p, θ) = p - 0.1 ∂h/∂p,   h(p, θ) = -CE(f_θ(x + p); y) + 0.001 ‖p‖²
 *
 * Symbols    D_c clean held-out images · p perturbation, one for all images · K terms of the Neumann series of the implicit hypergradient
 * Shapes     N batch · C,H,W image
 * Source     Zeng et al., ICLR 2022, arXiv:2110.03735, algorithm 1
 * Reference  YiZeng623/I-BAU@dfa240b defense.py, hypergrad.py: 5 rounds, K = 5, Adam with rate 1e-3, batches of 100; p by SGD with rate 10 from 0, once over
 *            D_c; SCLBD/BackdoorBench@3f4b1a9 defense/i-bau.py, config/defense/i-bau: AMSGrad with rate 1e-4, batches of 256, the rest as there
 * Differs    Adam with BackdoorBench's rate; ‖p‖ ≤ 10 is kept to, as in the authors' notebook (defense.py and BackdoorBench leave p as it is); h is taken
 *            on the batch of the step (there, always on the first batch); a hundredth of the batch, at least one image, is perturbed as there,
 *            the first of a shuffled batch instead of drawn ones; the model is trained in training mode (there, all is done in evaluation mode); images
 *            are neither cropped nor flipped, as by the authors (BackdoorBench does both, and adds p to normalised images)
 * Cost       for each round two forward passes and a backward pass over D_c, and one training pass with K + 3 backward passes a step
 */
import { crossEntropy, evaluationMode } from "../nn/index.ts";
import { adam, constant } from "../optim/index.ts";
import { cat, grad, keep, noGrad, scope, type Tensor, zeros } from "../torch/index.ts";
import { defineMethod, type MethodContext } from "./method.ts";

interface IBauOptions {
  readonly rounds: number;
  /** K. */
  readonly terms: number;
  readonly lr: number;
}

const source = "BackdoorBench config/defense/i-bau";
const innerRate = 0.1;
const perturbationRate = 10;
const radius = 10;
const decay = 0.001;
const portion = 0.01;

export const iBau = defineMethod<IBauOptions>({
  name: "i-bau",
  title: "I-BAU",
  description:
    "trains on clean held-out images against universal adversarial perturbations, by the implicit hypergradient",
  source: "Zeng et al., ICLR 2022, arXiv:2110.03735",
  cost: "rounds times two passes over the held-out images, one of them with terms + 3 backward passes a step",
  needs: { retain: false, forget: false, start: "original" },
  options: {
    rounds: {
      type: "integer",
      default: 5,
      min: 1,
      max: 1000,
      description: "universal adversarial perturbations that are found and trained against, one after another",
      source,
    },
    terms: {
      type: "integer",
      default: 5,
      min: 1,
      max: 1000,
      description: "terms of the series for the implicit hypergradient",
      source,
    },
    lr: { type: "number", default: 1e-4, min: 0, aboveMin: true, description: "learning rate of Adam", source },
  },
  needsValidation: () => true,
  needsDense: () => "gradients of gradients",

  async run(context, { rounds, terms, lr }) {
    const { model, validation, trainer } = context;
    const optimizer = adam(model.namedParameters(), { lr });
    const parameters = model.parameters();
    for (let round = 0; round < rounds; round++) {
      const perturbation = await findPerturbation(context, `pattern-${round}`);
      perturbation.requiresGrad = true;
      await trainer.fit(validation, {
        epochs: 1,
        optimizer,
        schedule: constant({ lr }),
        augment: false,
        loss: ({ images_NCHW, labels_N }) => {
          perturbation.grad = null;
          return crossEntropy(model.call(perturbFirst(images_NCHW, perturbation)), labels_N);
        },
        afterBackward: ({ images_NCHW, labels_N }) => {
          const inner = (): Tensor => innerLoss(model.call(images_NCHW.add(perturbation)), labels_N, perturbation);
          const implicit = implicitHypergradient(inner, { perturbation, parameters, terms });
          noGrad(() => parameters.forEach((parameter, i) => parameter.grad?.add_(implicit[i] as Tensor)));
        },
      });
      perturbation.dispose();
    }
    return {};
  },
});

/** h, the loss whose minimum is the perturbation; in `findPerturbation` the labels are the model's predictions. */
function innerLoss(logits_NK: Tensor, labels_N: Tensor, perturbation: Tensor): Tensor {
  return crossEntropy(logits_NK, labels_N).neg().add(perturbation.square().sum().mul(decay));
}

/** The first hundredth of the images with the perturbation, the others unchanged. */
function perturbFirst(images_NCHW: Tensor, perturbation: Tensor): Tensor {
  const [count = 0] = images_NCHW.shape;
  const some = Math.max(1, Math.floor(portion * count));
  const first = images_NCHW.narrow(0, 0, some).add(perturbation);
  return some === count ? first : cat([first, images_NCHW.narrow(0, some, count - some)]);
}

/**
 * p*, [1, C, H, W]; the caller disposes of it. A resumed run loads it from the snapshots, because it cannot be computed from the weights that
 * have been trained since.
 */
async function findPerturbation(
  { model, validation, trainer, snapshots }: MethodContext,
  name: string,
): Promise<Tensor> {
  let perturbation: Tensor | undefined;
  {
    using _mode = evaluationMode(model);
    await trainer.pass(validation, "universal adversarial perturbation", trainer.batchSize, ({ images }) => {
      const [, ...shape] = images.shape;
      perturbation ??= keep(zeros([1, ...shape], { device: images.device }).to(images.dtype));
      perturbation.requiresGrad = true;
      const labels = noGrad(() => model.call(images).argmax(1));
      const [gradient] = grad([innerLoss(model.call(images.add(perturbation)), labels, perturbation)], [perturbation]);
      noGrad(() => perturbation?.sub_((gradient as Tensor).mul(perturbationRate)));
    });
  }
  const found = perturbation as Tensor;
  const inBall = noGrad(() =>
    keep(scope(() => found.detach().mul(Math.min(1, radius / found.detach().norm(2).item())))),
  );
  found.dispose();
  if (!snapshots.has(name)) {
    snapshots.save(name, new Map([["pattern", inBall]]));
    return inBall;
  }
  inBall.dispose();
  return snapshots.load(name).get("pattern") as Tensor;
}

/**
 * (∂Φ/∂θ)ᵀ v for each parameter. Call it in a scope, when `perturbation.grad` is ∂L/∂p.
 * @param inner h(p, θ) as it is now
 */
export function implicitHypergradient(
  inner: () => Tensor,
  {
    perturbation,
    parameters,
    terms,
  }: { readonly perturbation: Tensor; readonly parameters: readonly Tensor[]; readonly terms: number },
): Tensor[] {
  const outer = (perturbation.grad ?? perturbation.zerosLike()).detach();
  const [slope] = grad([inner()], [perturbation], { createGraph: true });
  const mapped = perturbation.sub((slope as Tensor).mul(innerRate));
  let v = outer.zerosLike();
  for (let k = 0; k < terms; k++) {
    const [turned] = grad([mapped], [perturbation], { gradOutputs: [v], retainGraph: true });
    v = (turned as Tensor).add(outer);
  }
  return grad([mapped], parameters, { gradOutputs: [v], retainGraph: true });
}
