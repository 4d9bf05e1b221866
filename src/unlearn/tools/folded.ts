/**
 * A network in evaluation mode with its normalisations folded into the convolutions: the same function of the same parameters, up to
 * rounding, without a pass over activations for each normalisation.
 *
 *   norm(conv(x, W)) = conv(x, s W) + b,   s = γ / σ,  b = β - μ s,  σ = √(running variance + ε),  μ the running mean
 *
 * Source     Jacob et al., CVPR 2018, arXiv:1712.05877, section 3.2 (folding)
 * Reference  torch.nn.utils.fuse_conv_bn_weights
 * Differs    s and b stay functions of γ and β, so that autograd gives the gradients of all parameters
 */
import type { ConvolutionStep, Model, NetworkGraph } from "../../models/index.ts";
import type { BatchNorm2d } from "../../nn/index.ts";
import { constantPadNd, conv2d, noGrad, type Tensor } from "../../torch/index.ts";

/** What a convolution with its normalisation saw and gave, before the shortcut and the ReLU. */
export interface FoldedLayer {
  readonly step: ConvolutionStep;
  readonly input_NCHW: Tensor;
  readonly output_NCHW: Tensor;
}

/** s and μ / σ, 1 / σ of a normalisation: constants but for γ. */
export function foldOf(norm: BatchNorm2d): { scale_C: Tensor; shift_C: Tensor; inverse_C: Tensor } {
  const inverse_C = noGrad(() => norm.runningVar.add(norm.eps).rsqrt());
  const scale_C = norm.weight.mul(inverse_C);
  return { scale_C, shift_C: norm.bias.sub(norm.runningMean.mul(scale_C)), inverse_C };
}

export interface FoldedVisitor {
  /** Every convolution, in the order of the steps. */
  readonly layer: (layer: FoldedLayer) => void;
  /** What the classifier sees, [N, F]. */
  readonly features: (features_NF: Tensor) => void;
}

/** Logits [N, K]. Call it in a scope. */
export function foldedLogits(graph: NetworkGraph, images_NCHW: Tensor, visitor?: FoldedVisitor): Tensor {
  const tensors = [graph.normalize.call(images_NCHW)];
  const at = (index: number): Tensor => tensors[index] as Tensor;
  for (const step of graph.steps) {
    if (step.kind === "max-pool") {
      tensors.push(step.pool.call(at(step.input)));
      continue;
    }
    const { convolution, norm, shortcut, projection = false } = step;
    const { scale_C, shift_C } = foldOf(norm);
    const { weight, stride, padding, dilation } = convolution;
    const input_NCHW = at(step.input);
    const output_NCHW = conv2d(
      input_NCHW,
      weight.mul(scale_C.view([-1, 1, 1, 1])),
      shift_C,
      stride,
      padding,
      dilation,
      1,
    );
    visitor?.layer({ step, input_NCHW, output_NCHW });
    if (projection) {
      tensors.push(output_NCHW);
      continue;
    }
    // In place where nobody keeps the convolution's output: no backward pass reads it.
    const own_NCHW = visitor === undefined ? output_NCHW : output_NCHW.clone();
    if (shortcut !== undefined) {
      const { kind, tensor } = shortcut;
      own_NCHW.add_(kind === "zero-padded" ? padChannels(at(tensor), output_NCHW) : at(tensor));
    }
    tensors.push(own_NCHW.relu_());
  }
  const features_NF = at(tensors.length - 1).meanDim([2, 3]);
  visitor?.features(features_NF);
  return graph.fc.call(features_NF);
}

/** Option A: every second pixel, and channels of zeros around. */
function padChannels(input_NCHW: Tensor, like: Tensor): Tensor {
  const half = ((like.shape[1] ?? 0) - (input_NCHW.shape[1] ?? 0)) / 2;
  return constantPadNd(input_NCHW.slice(2, null, null, 2).slice(3, null, null, 2), [0, 0, 0, 0, half, half], 0);
}

/** The fastest way to the logits of a model in evaluation mode: folded, where it describes its steps. Call it in a scope. */
export function inferLogits(model: Model, images_NCHW: Tensor): Tensor {
  const graph = model.graph();
  return graph === null ? model.call(images_NCHW) : foldedLogits(graph, images_NCHW);
}
