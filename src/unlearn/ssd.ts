/**
 * Selective synaptic dampening: shrink the weights that are much more important for the forget data than for all data.
 *
 *   I_D = mean over D of (∂CE/∂θ)²,  I_f likewise over D_f;   where I_f > α I_D:   θ ← θ · min( λ I_D / I_f, 1 )
 *
 * Symbols    D = D_r ∪ D_f all, D_f forget data · α ratio I_f / I_D above which a weight is shrunk · λ strength
 * Source     Foster, Schoepf and Brintrup, AAAI 2024, arXiv:2308.07707, equations 4 to 6; `sample`, the form without randomness:
 *            arXiv:2510.26714, appendix B
 * Reference  if-loops/selective-synaptic-dampening src/ssd.py
 * Differs    `sample` squares each image's own gradient, as the paper writes; `batch` the mean gradient of a batch, as the code does. Batches are taken
 *            in stored order, so that `batch` too gives the same every time. Evaluation mode, batch statistics untouched.
 * Cost       one pass over D and one over D_f
 */
import { crossEntropy } from "../nn/index.ts";
import { noGrad, scope, type Tensor, where } from "../torch/index.ts";
import { defineMethod, type MethodContext } from "./method.ts";
import { LayerTrace } from "./tools/layer-gradients.ts";
import { type ByParameter, disposeAll, sumGradients, zerosLikeParameters } from "./tools/parameters.ts";
import { concatenate } from "./tools/sources.ts";
import type { BatchSource } from "../data/batches.ts";

export interface SsdOptions {
  /** α > 0. */
  readonly alpha: number;
  /** λ > 0. */
  readonly lambda: number;
  readonly importance: "sample" | "batch";
}

export const ssd = defineMethod<SsdOptions>({
  name: "ssd",
  title: "Selective synaptic dampening (SSD)",
  description: "shrinks the weights that are much more important for the forget data than for all data; no training",
  source: "Foster, Schoepf and Brintrup, AAAI 2024, arXiv:2308.07707",
  cost: "one pass over all data and one over the forget data",
  needs: { retain: true, forget: true, start: "original" },
  options: {
    alpha: {
      type: "number",
      default: 10,
      min: 0,
      aboveMin: true,
      description:
        "a weight is shrunk if it is more than this many times as important for the forget data as for all data",
      source: "if-loops/selective-synaptic-dampening: ResNet-18 on CIFAR",
    },
    lambda: {
      type: "number",
      default: 1,
      min: 0,
      aboveMin: true,
      description:
        "strength: a weight is multiplied by lambda times its importance for all data over that for the forget data, at most 1",
      source: "if-loops/selective-synaptic-dampening",
    },
    importance: {
      type: "choice",
      default: "sample",
      choices: ["sample", "batch"],
      description: "sample squares each image's gradient; batch the mean gradient of a batch",
      source: "sample: the paper's equation; batch: its code",
    },
  },

  caution({ wholeClasses, share }, { alpha, importance }) {
    if (importance === "sample" && alpha * share >= 1) {
      return `SSD changes nothing here: no weight can matter ${alpha} times as much to ${Math.round(100 * share)} % of the data as to all of it; lower alpha below ${(1 / share).toPrecision(3)}.`;
    }
    return wholeClasses
      ? undefined
      : "SSD looks for weights that matter far more to the forget data than to the rest; for images drawn from all classes there are hardly any, and the model stays as it is.";
  },

  smallestSet: () => Infinity,

  needsDense({ importance }) {
    return importance === "sample" ? "gradients of single images" : undefined;
  },

  async run(context, { alpha, lambda, importance }) {
    const { retain, forget, model, trainer } = context;
    const all = await importanceOf(context, concatenate(retain, forget), importance, "importance for all data");
    const forgotten = await importanceOf(context, forget, importance, "importance for the forget data");
    trainer.work(() => dampen(model.namedParameters(), all, forgotten, { alpha, lambda }));
    for (const tensors of [all, forgotten]) disposeAll(tensors);
    return {};
  },
});

/** Mean of the squares by parameter, over images or batches. */
export async function importanceOf(
  context: MethodContext,
  source: BatchSource,
  kind: SsdOptions["importance"],
  what: string,
): Promise<ByParameter> {
  const { model, trainer } = context;
  const sums = zerosLikeParameters(model);
  let count = source.count;
  if (kind === "sample") {
    model.eval();
    await trainer.pass(source, what, trainer.batchSize, ({ images, labels }) => {
      using trace = new LayerTrace(model, images);
      const losses_N = crossEntropy(trace.logits_NK, labels, { reduction: "none" });
      const share_N = losses_N.detach().onesLike();
      trace.squares([{ loss_N: losses_N, share_N }], (name, squares) => void sums.get(name)?.add_(squares));
    });
    trainer.mask?.applyTo(sums);
  } else {
    count = Math.ceil(source.count / trainer.batchSize);
    await sumGradients(context, { source, what }, sums, {
      loss: (logits_NK, labels_N) => crossEntropy(logits_NK, labels_N),
      combine: (gradient) => gradient.square(),
    });
  }
  noGrad(() => sums.forEach((sum) => sum.div_(count)));
  return sums;
}

/** Shrinks in place what matters more than α times as much to the forget data. Norms' statistics stay. */
export function dampen(
  parameters: ReadonlyMap<string, Tensor>,
  all: ByParameter,
  forgotten: ByParameter,
  { alpha, lambda }: Pick<SsdOptions, "alpha" | "lambda">,
): void {
  noGrad(() =>
    scope(() => {
      for (const [name, parameter] of parameters) {
        const [whole, part] = [all.get(name) as Tensor, forgotten.get(name) as Tensor];
        const factor = whole.mul(lambda).div(part).clamp(null, 1);
        parameter.copy_(where(part.gt(whole.mul(alpha)), parameter.mul(factor), parameter));
      }
    }),
  );
}
