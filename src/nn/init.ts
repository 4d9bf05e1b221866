/**
 * Initialisers of weights, as torch.nn.init: the same generator state gives PyTorch's numbers.
 *
 *   kaiming uniform  w ~ U(-b, b),  b = sqrt(3) g / sqrt(fan)
 *   kaiming normal   w ~ N(0, g² / fan)
 *   g = sqrt(2 / (1 + s²)),  s the negative slope of the leaky ReLU that follows (0: plain ReLU)
 *   fan in = inputs of one output = numel / shape[0],  fan out = shape[0] · numel / (shape[0] · shape[1])
 *
 * Source: He et al. 2015, arXiv:1502.01852, equations (10) and (14).
 */
import { noGrad } from "../torch/index.ts";
import type { Generator, Tensor } from "../torch/index.ts";
import { CoppiceError } from "../util/errors.ts";

/** Fills a fresh weight in place. */
export type Initializer = (weight: Tensor, generator: Generator) => void;

export interface KaimingOptions {
  /** Keep the variance of the activations (`fan-in`, the default) or of the gradients (`fan-out`). */
  readonly mode?: "fan-in" | "fan-out";
  /** Negative slope of the leaky ReLU that follows; 0 by default. */
  readonly negativeSlope?: number;
}

/** Fans of a weight `[out, in, ...kernel]`. @throws CoppiceError E_SHAPE below two dimensions. */
export function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  const [out, inputs, ...kernel] = shape;
  if (out === undefined || inputs === undefined) {
    throw new CoppiceError("E_SHAPE", `fans: expected a weight of two or more dimensions, got [${shape.join(", ")}]`);
  }
  const field = kernel.reduce((product, size) => product * size, 1);
  return { fanIn: inputs * field, fanOut: out * field };
}

/** w ~ U(-b, b) in place; see the head of the file. */
export function kaimingUniform(weight: Tensor, generator: Generator, options: KaimingOptions = {}): void {
  const bound = Math.sqrt(3) * kaimingDeviation(weight, options);
  noGrad(() => weight.uniform_(-bound, bound, generator));
}

/** w ~ N(0, g² / fan) in place; see the head of the file. */
export function kaimingNormal(weight: Tensor, generator: Generator, options: KaimingOptions = {}): void {
  const deviation = kaimingDeviation(weight, options);
  noGrad(() => weight.normal_(0, deviation, generator));
}

/** PyTorch's default for the weights of convolutions and linear layers: U(-1/sqrt(fan in), 1/sqrt(fan in)). */
export function defaultWeight(weight: Tensor, generator: Generator): void {
  kaimingUniform(weight, generator, { negativeSlope: Math.sqrt(5) });
}

/** PyTorch's default for biases: U(-1/sqrt(fan in), 1/sqrt(fan in)) with the fan of the layer's weight. */
export function defaultBias(bias: Tensor, fanIn: number, generator: Generator): void {
  const bound = 1 / Math.sqrt(fanIn);
  noGrad(() => bias.uniform_(-bound, bound, generator));
}

function kaimingDeviation(weight: Tensor, { mode = "fan-in", negativeSlope = 0 }: KaimingOptions): number {
  const { fanIn, fanOut } = fans(weight.shape);
  const gain = Math.sqrt(2 / (1 + negativeSlope * negativeSlope));
  return gain / Math.sqrt(mode === "fan-in" ? fanIn : fanOut);
}
