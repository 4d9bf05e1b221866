/**
 * A residual network as a list of steps, from which it can be run by something else than its own `forward`.
 *
 * Every step makes one tensor: relu(norm(convolution(input)) + shortcut), or a maximum over windows. Tensor 0 is the
 * normalised images, tensor i what step i - 1 made; the last one goes through the global mean to the classifier.
 */
import type { BatchNorm2d, Conv2d, Linear, MaxPool2d, Normalize } from "../nn/index.ts";

export type Shortcut =
  /** The tensor as it is. */
  | { readonly kind: "identity"; readonly tensor: number }
  /** What a projection made: its convolution is normalised and added here, without a ReLU in between. */
  | { readonly kind: "projection"; readonly tensor: number }
  /** Every second pixel, and channels of zeros around (option A). */
  | { readonly kind: "zero-padded"; readonly tensor: number };

export interface ConvolutionStep {
  readonly kind: "convolution";
  readonly input: number;
  readonly convolution: Conv2d;
  readonly norm: BatchNorm2d;
  readonly shortcut?: Shortcut | undefined;
  /** The projection of a shortcut: a later step adds it. */
  readonly projection?: boolean;
}

export interface PoolStep {
  readonly kind: "max-pool";
  readonly input: number;
  readonly pool: MaxPool2d;
}

export interface NetworkGraph {
  readonly normalize: Normalize;
  readonly steps: readonly (ConvolutionStep | PoolStep)[];
  readonly fc: Linear;
}

/** Collects the steps of a network. */
export class GraphBuilder {
  readonly steps: (ConvolutionStep | PoolStep)[] = [];

  /** @returns the index of the tensor that the step makes */
  add(step: ConvolutionStep | PoolStep): number {
    return this.steps.push(step);
  }

  /** relu(norm(convolution(input)) + shortcut) */
  convolution(input: number, convolution: Conv2d, norm: BatchNorm2d, shortcut?: Shortcut): number {
    return this.add({ kind: "convolution", input, convolution, norm, shortcut });
  }
}

/** A block of a network: from tensor `input` to the tensor that it makes. */
export interface Describable {
  describe(graph: GraphBuilder, input: number): number;
}
