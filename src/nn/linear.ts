/** Fully connected layer. */
import { empty, linear } from "../torch/index.ts";
import type { Generator, Tensor } from "../torch/index.ts";
import { expectInteger } from "../util/assert.ts";
import { defaultBias, defaultWeight } from "./init.ts";
import type { Initializer } from "./init.ts";
import { Module } from "./module.ts";

export interface LinearOptions {
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** Default true. */
  readonly bias?: boolean;
  /** Fills the weight; PyTorch's default rule when left out. The bias always follows PyTorch's rule. */
  readonly initialize?: Initializer;
}

/**
 * y = x weightᵀ + bias: `[..., inFeatures]` to `[..., outFeatures]`, as torch.nn.Linear.
 * Parameters `weight` [outFeatures, inFeatures] and, unless `bias` is false, `bias` [outFeatures].
 */
export class Linear extends Module {
  readonly #hasBias: boolean;

  constructor(options: LinearOptions, generator: Generator) {
    super();
    const { inFeatures, outFeatures, bias = true, initialize = defaultWeight } = options;
    expectInteger("Linear.inFeatures", inFeatures, { min: 1 });
    expectInteger("Linear.outFeatures", outFeatures, { min: 1 });
    this.#hasBias = bias;

    const weight_OI = empty([outFeatures, inFeatures]);
    initialize(weight_OI, generator);
    this.registerParameter("weight", weight_OI);
    if (bias) {
      const bias_O = empty([outFeatures]);
      defaultBias(bias_O, inFeatures, generator);
      this.registerParameter("bias", bias_O);
    }
  }

  get weight(): Tensor {
    return this.parameter("weight");
  }

  get bias(): Tensor | null {
    return this.#hasBias ? this.parameter("bias") : null;
  }

  override forward(input: Tensor): Tensor {
    return linear(input, this.weight, this.bias);
  }
}
