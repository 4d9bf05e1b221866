/** Losses and penalties. */
import { crossEntropyLoss, stack } from "../torch/index.ts";
import type { Tensor } from "../torch/index.ts";
import { expectChoice, expectRange } from "../util/assert.ts";
import { Module } from "./module.ts";

export interface CrossEntropyOptions {
  /** `mean` (default) and `sum` give a scalar, `none` one loss per sample [N]. */
  readonly reduction?: "none" | "mean" | "sum";
  /** ε: the target becomes (1 - ε) one-hot + ε / K; 0 to 1, default 0. */
  readonly labelSmoothing?: number;
}

const reductions = ["none", "mean", "sum"] as const;
const noIgnoredLabel = -100;

/**
 * -log softmax(logits)[label], as torch.nn.functional.cross_entropy.
 * @param logits_NK floating-point [N, K]
 * @param labels_N int64 [N], each 0 to K - 1
 */
export function crossEntropy(logits_NK: Tensor, labels_N: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { labelSmoothing = 0 } = options;
  const reduction = expectChoice("crossEntropy.reduction", options.reduction ?? "mean", reductions);
  expectRange("crossEntropy.labelSmoothing", labelSmoothing, 0, 1);
  return crossEntropyLoss(logits_NK, labels_N, null, reductions.indexOf(reduction), noIgnoredLabel, labelSmoothing);
}

/** Σ |θ| over all entries of all parameters, a differentiable scalar; its gradient is sign(θ), 0 at 0. */
export function l1Norm(parameters: Module | Iterable<Tensor>): Tensor {
  const tensors = parameters instanceof Module ? parameters.parameters() : [...parameters];
  return stack(tensors.map((tensor) => tensor.norm(1))).sum();
}

/** exp(x) / Σ exp(x) over the classes. @param logits_NK floating-point [N, K] */
export function softmax(logits_NK: Tensor): Tensor {
  return logits_NK.softmax(1);
}

/** log softmax over the classes, without overflow. @param logits_NK floating-point [N, K] */
export function logSoftmax(logits_NK: Tensor): Tensor {
  return logits_NK.logSoftmax(1);
}
