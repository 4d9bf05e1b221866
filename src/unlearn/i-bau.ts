/**
 * I-BAU: against the pattern that misleads the model most, whatever it is, the model is trained with what that pattern would become in answer.
 *
 *   min over θ  CE(f_θ(x + p*); y) on D_c,   p* = argmin -CE(f_θ(x + p); argmax f_θ(x)) + 0.001 ‖p‖²,  ‖p‖ ≤ 10
 *   dL/dθ = ∂L/∂θ + (∂Φ/∂θ)ᵀ v,   v = Σ over k < K ((∂Φ/∂p)ᵀ)^k ∂L/∂p,   Φ(p, θ) = p - 0.1 ∂h/∂p,   h(p, θ) = -CE(f_θ(x + p); y) + 0.001 ‖p‖²
 *
 * Symbols    D_c clean held-out images · p pattern, one for all images · K terms of the series for the implicit gradient
 * Shapes     N batch · C,H,W image
 * Source     Zeng et al., ICLR 2022, arXiv:2110.03735, algorithm 1
 * Reference  YiZeng623/I-BAU@dfa240b defense.py, hypergrad.py: 5 rounds, K = 5, Adam with rate 1e-3, batches of 100; p by SGD with rate 10 from 0, once over
 *            D_c; SCLBD/BackdoorBench@3f4b1a9 defense/i-bau.py, config/defense/i-bau: AMSGrad with rate 1e-4, batches of 256, the rest as there
 * Differs    Adam with BackdoorBench's rate; ‖p‖ ≤ 10 is kept to, as in the authors' notebook (defense.py and BackdoorBench leave p as it is); h is taken
 *            on the batch of the step (there, always on the first batch); a hundredth of the batch, at least one image, carries the pattern as there,
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
const patternRate = 10;
const radius = 10;
const decay = 0.001;
const portion = 0.01;

export const iBau = defineMethod<IBauOptions>({
  name: "i-bau",
  title: "I-BAU",
  description: "trains on clean held-out images against the pattern that misleads the model most",
  source: "Zeng et al., ICLR 2022, arXiv:2110.03735",
  cost: "rounds times two passes over the held-out images, one of them with terms + 3 backward passes a step",
  needs: { retain: false, forget: false, start: "original" },
  options: {
    rounds: {
      type: "integer",
      default: 5,
      min: 1,
      description: "patterns sought and trained against, one after another",
      source,
    },
    terms: {
      type: "integer",
      default: 5,
      min: 1,
      description: "terms of the series for the implicit gradient",
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
      const pattern = await misleadingPattern(context, `pattern-${round}`);
      pattern.requiresGrad = true;
      await trainer.fit(validation, {
        epochs: 1,
        optimizer,
        schedule: constant({ lr }),
        augment: false,
        loss: ({ images_NCHW, labels_N }) => {
          pattern.grad = null;
          return crossEntropy(model.call(withPattern(images_NCHW, pattern)), labels_N);
        },
        afterBackward: ({ images_NCHW, labels_N }) => {
          const inner = (): Tensor => misleading(model.call(images_NCHW.add(pattern)), labels_N, pattern);
          const implicit = implicitGradients(inner, { pattern, parameters, terms });
          noGrad(() => parameters.forEach((parameter, i) => parameter.grad?.add_(implicit[i] as Tensor)));
        },
      });
      pattern.dispose();
    }
    return {};
  },
});

/** h; with the model's own answers for labels, what the pattern is sought by. */
function misleading(logits_NK: Tensor, labels_N: Tensor, pattern: Tensor): Tensor {
  return crossEntropy(logits_NK, labels_N).neg().add(pattern.square().sum().mul(decay));
}

/** The first hundredth of the images with the pattern, the others as they are. */
function withPattern(images_NCHW: Tensor, pattern: Tensor): Tensor {
  const [count = 0] = images_NCHW.shape;
  const some = Math.max(1, Math.floor(portion * count));
  const first = images_NCHW.narrow(0, 0, some).add(pattern);
  return some === count ? first : cat([first, images_NCHW.narrow(0, some, count - some)]);
}

/** p*, [1, C, H, W]; the caller disposes of it. A resumed run finds it where it was left, since the model has moved on since. */
async function misleadingPattern(
  { model, validation, trainer, snapshots }: MethodContext,
  name: string,
): Promise<Tensor> {
  let pattern: Tensor | undefined;
  {
    using _mode = evaluationMode(model);
    await trainer.pass(validation, "seeking the pattern", trainer.batchSize, ({ images }) => {
      const [, ...shape] = images.shape;
      pattern ??= keep(zeros([1, ...shape], { device: images.device }).to(images.dtype));
      pattern.requiresGrad = true;
      const labels = noGrad(() => model.call(images).argmax(1));
      const [gradient] = grad([misleading(model.call(images.add(pattern)), labels, pattern)], [pattern]);
      noGrad(() => pattern?.sub_((gradient as Tensor).mul(patternRate)));
    });
  }
  const found = pattern as Tensor;
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
 * (∂Φ/∂θ)ᵀ v for each parameter. Call it in a scope, when `pattern.grad` is ∂L/∂p.
 * @param inner h(p, θ) as it is now
 */
export function implicitGradients(
  inner: () => Tensor,
  {
    pattern,
    parameters,
    terms,
  }: { readonly pattern: Tensor; readonly parameters: readonly Tensor[]; readonly terms: number },
): Tensor[] {
  const outer = (pattern.grad ?? pattern.zerosLike()).detach();
  const [slope] = grad([inner()], [pattern], { createGraph: true });
  const mapped = pattern.sub((slope as Tensor).mul(innerRate));
  let v = outer.zerosLike();
  for (let k = 0; k < terms; k++) {
    const [turned] = grad([mapped], [pattern], { gradOutputs: [v], retainGraph: true });
    v = (turned as Tensor).add(outer);
  }
  return grad([mapped], parameters, { gradOutputs: [v], retainGraph: true });
}
