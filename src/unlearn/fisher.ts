/**
 * Fisher forgetting: adds noise to every weight, more noise where the retained data's Fisher information is smaller.
 *
 *   F_i = E_{x in D_r} Σ_y p(y|x) (∂CE(θ; x, y)/∂θ_i)²,   σ²_i = α min(1 / (F_i + 1e-8), 1e3),   θ ← θ_o + σ ⊙ N(0, 1)
 *   last layer: at most 1e2 instead of 1e3, and ten times the variance; norms and biases: ten times; convolutions and the last layer:
 *   the mean variance over input channels. A class forgotten whole has its row of the last layer drawn from N(0, 1e-3) instead.
 *
 * Symbols    D_r retained data · p softmax of the logits · α strength
 * Source     Golatkar et al., CVPR 2020, arXiv:1911.04933, equations 8 and 9; as used in Jia et al., NeurIPS 2023, arXiv:2304.04934
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d unlearn/fisher.py, fisher_new
 * Differs    `exact` (default): squares of each image's gradient, where the reference squares the mean gradient of 32 images; under a
 *            mask the mean over input channels is over living weights, where the reference's clamp at the masked ones leaks into it.
 *            `reference` keeps both. The row of a class is replaced only where a class is forgotten whole; the reference also replaces
 *            that of the last class when 4,500 random images are forgotten. Images are not augmented. `exact` leaves out the lightest terms
 *            of F, up to the tolerance, and makes up for them.
 * Cost       two forward passes over D_r, and a backward pass for every term: from two or three an image of a well fitted original to K - 1
 */
import { crossEntropy, softmax } from "../nn/index.ts";
import { cat, grad, keep, noGrad, ones, randn, scope, type Tensor, zeros } from "../torch/index.ts";
import { inferLogits } from "./tools/folded.ts";
import { select } from "./tools/sources.ts";
import { LayerTrace } from "./tools/layer-gradients.ts";
import { factorLosses, fisherFactors } from "./tools/fisher-factors.ts";
import { defineMethod, type MethodContext } from "./method.ts";
import { type ByParameter, disposeAll, passBatch, zerosLikeParameters } from "./tools/parameters.ts";

export interface FisherOptions {
  /** α > 0. */
  readonly alpha: number;
  readonly variant: "exact" | "reference";
  /** In [0, 0.5]. */
  readonly tolerance: number;
}

const evaluated =
  "Methods of its kind failed an evaluation that retraining and fine-tuning passed (Ye et al., arXiv:2606.16110): judge it by the gap to Retrain.";

/** Images whose mean gradient the reference squares. */
const referenceBatch = 32;

export const fisher = defineMethod<FisherOptions>({
  name: "fisher",
  title: "Fisher forgetting (FF)",
  description: "adds noise to every weight, more where the retained data's Fisher information is smaller; no training",
  source: "Golatkar et al., CVPR 2020, arXiv:1911.04933; Jia et al., NeurIPS 2023, arXiv:2304.04934",
  cost: "two forward passes over the retained data, and up to one backward pass less than there are classes",
  needs: { retain: true, forget: false, start: "original" },
  options: {
    alpha: {
      type: "number",
      default: 3e-8,
      min: 0,
      aboveMin: true,
      description: "strength of the noise",
      source: "the authors' own runs (reference branch of January 2023), searched from 2e-8 to 3e-8",
    },
    variant: {
      type: "choice",
      default: "exact",
      choices: ["exact", "reference"],
      description:
        "exact squares each image's gradient; reference the mean gradient of 32 images, as the published code does",
      source: "exact: Golatkar et al.; reference: unlearn/fisher.py",
    },
    tolerance: {
      type: "number",
      default: 1e-2,
      min: 0,
      max: 0.5,
      description:
        "of exact: share of the Fisher information whose smallest terms are left out, the others being scaled up; 0: none are",
      source: "this project: far less than the search for alpha moves",
    },
  },

  caution({ wholeClasses }) {
    const mechanism = wholeClasses
      ? "Fisher forgetting draws new random values for the forgotten classes' rows of the last layer, so UA is near 1 whatever the layers before still know."
      : "Fisher forgetting never looks at the forget data: images drawn from all classes need the same weights as the retained ones, and these get the least noise.";
    return `${mechanism} ${evaluated}`;
  },

  smallestSet: () => Infinity,

  needsDense: () => "the shape of whole weights",

  async run(context, { alpha, variant, tolerance }) {
    const { model, trainer, generator, forgetClasses } = context;
    const information =
      variant === "exact" ? await exactInformation(context, tolerance) : await batchInformation(context);
    trainer.work(() =>
      noGrad(() =>
        scope(() => {
          const living = variant === "exact" ? liveEntries(context) : new Map<string, Tensor>();
          for (const [name, parameter] of model.namedParameters()) {
            const noise = noiseOf(parameter, information.get(name) as Tensor, {
              alpha,
              numClasses: model.spec.numClasses,
              forgetClasses,
              living: living.get(name) ?? null,
            });
            const drawn = randn(parameter.shape, { generator }).to(parameter.dtype).to(parameter.device);
            parameter.copy_(noise.mean.add(noise.variance.sqrt().mul(drawn)));
          }
          trainer.mask?.apply(model);
        }),
      ),
    );
    disposeAll(information);
    return {};
  },
});

/** Mean over batches of Σ_y mean p(y|x) · (gradient of the batch's mean loss for y)². */
export async function batchInformation({ model, retain, trainer }: MethodContext): Promise<ByParameter> {
  const sums = zerosLikeParameters(model);
  const parameters = [...model.namedParameters().values()];
  const targets = [...sums.values()];
  model.eval();
  await trainer.pass(retain, "Fisher information", referenceBatch, ({ images }) => {
    const logits_NK = model.call(images);
    const share_K = noGrad(() => softmax(logits_NK.detach()).meanDim([0])).toArray();
    share_K.forEach((share, label) =>
      scope(() => {
        const loss = crossEntropy(logits_NK, repeatLabel(logits_NK, label));
        const gradients = grad([loss], parameters, { retainGraph: true });
        noGrad(() => targets.forEach((sum, i) => sum.add_((gradients[i] as Tensor).square(), share)));
      }),
    );
  });
  trainer.mask?.applyTo(sums);
  noGrad(() => targets.forEach((sum) => sum.div_(Math.ceil(retain.count / referenceBatch))));
  return sums;
}

/** Images in a pass of the exact information, and losses of each whose gradients are in memory together. */
const exactBatch = 32;
const lossesAtOnce = 10;

/**
 * Mean over images of Σ_y p(y|x) · (gradient of the image's loss for y)².
 * @param tolerance the smallest terms that add up to no more than this share are left out, see fisher-factors.ts; 0: none
 */
export async function exactInformation(
  { model, retain, trainer }: MethodContext,
  tolerance: number,
): Promise<ByParameter> {
  const sums = zerosLikeParameters(model);
  model.eval();
  const parts: Tensor[] = [];
  await trainer.pass(retain, "predictions", passBatch, ({ images }) => {
    parts.push(keep(noGrad(() => softmax(inferLogits(model, images)).to("cpu"))));
  });
  const factors = trainer.work(() => noGrad(() => scope(() => fisherFactors(cat(parts), tolerance))));
  for (const part of parts) part.dispose();
  const { order_M, shares_MK, counts } = factors;
  let start = 0;
  await trainer.pass(select(retain, order_M), "Fisher information", exactBatch, ({ images }) => {
    const count = images.shape[0] ?? 0;
    const most = counts[start] ?? 0; // in descending order: the first needs most
    const shares_NK = shares_MK.narrow(0, start, count).to(images.dtype).to(images.device);
    start += count;
    if (most === 0) return;
    using trace = new LayerTrace(model, images);
    const losses_NK = factorLosses(trace.logits_NK);
    for (let first = 0; first < most; first += lossesAtOnce) {
      const losses = Array.from({ length: Math.min(lossesAtOnce, most - first) }, (_, i) => ({
        loss_N: losses_NK.select(1, first + i),
        share_N: shares_NK.select(1, first + i),
      }));
      trace.squares(losses, (name, squares) => void sums.get(name)?.add_(squares));
    }
  });
  for (const tensor of [order_M, shares_MK]) tensor.dispose();
  trainer.mask?.applyTo(sums);
  noGrad(() => sums.forEach((sum) => sum.div_(retain.count)));
  return sums;
}

function repeatLabel(logits_NK: Tensor, label: number): Tensor {
  return zeros([logits_NK.shape[0] ?? 0], { dtype: "int64", device: logits_NK.device }).add(label);
}

/** 1 where a weight lives, by name of masked parameters. */
function liveEntries({ model, mask }: MethodContext): ByParameter {
  const living = new Map(
    [...model.namedParameters()].map(([name, parameter]) => [
      name,
      ones(parameter.shape, { dtype: parameter.dtype, device: parameter.device }),
    ]),
  );
  mask?.applyTo(living);
  return living;
}

export interface NoiseOptions {
  readonly alpha: number;
  readonly numClasses: number;
  readonly forgetClasses: readonly number[];
  /** 1 where the weight lives, of its shape; null: no difference is made. */
  readonly living: Tensor | null;
}

/** Mean and variance, of the parameter's shape, of what replaces it. */
export function noiseOf(
  parameter: Tensor,
  information: Tensor,
  { alpha, numClasses, forgetClasses, living }: NoiseOptions,
): { mean: Tensor; variance: Tensor } {
  const { shape } = parameter;
  const last = shape[0] === numClasses;
  let variance = information
    .add(1e-8)
    .reciprocal()
    .clamp(null, last ? 1e2 : 1e3)
    .mul(alpha);
  if (shape.length > 1) {
    const mean =
      living === null
        ? variance.meanDim([1], true)
        : variance
            .mul(living)
            .sumDim([1], true)
            .div(living.sumDim([1], true).clampMin(1));
    variance = mean.expand(shape).clone();
  }
  const mean = parameter.detach().clone();
  if (last) {
    for (const row of forgetClasses) {
      mean.select(0, row).zero_();
      variance.select(0, row).fill_(1e-4);
    }
  }
  return { mean, variance: last || shape.length === 1 ? variance.mul(10) : variance };
}
