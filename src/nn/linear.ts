/** Fully connected layer. */
import { cat, empty, linear, noGrad, scope } from "../torch/index.ts";
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
  readonly #initialize: Initializer;

  constructor(options: LinearOptions, generator: Generator) {
    super();
    const { inFeatures, outFeatures, bias = true, initialize = defaultWeight } = options;
    expectInteger("Linear.inFeatures", inFeatures, { min: 1 });
    expectInteger("Linear.outFeatures", outFeatures, { min: 1 });
    this.#hasBias = bias;
    this.#initialize = initialize;

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

  /**
   * Gives the layer `outFeatures` outputs, in place: the first ones stay as they are, further ones begin as those of a new layer, on the
   * layer's device and in its dtype. Its parameters are replaced, so make the optimiser afterwards.
   */
  resize(outFeatures: number, generator: Generator): void {
    expectInteger("Linear.outFeatures", outFeatures, { min: 1 });
    const [had = 0, inFeatures = 0] = this.weight.shape;
    const kept = Math.min(had, outFeatures);
    const resized = (parameter: Tensor, shape: number[], initialize: (more: Tensor) => void): Tensor => {
      const first = parameter.detach().narrow(0, 0, kept);
      if (kept === outFeatures) return first.clone();
      const more = empty(shape);
      initialize(more);
      return cat([first, more.to(parameter.dtype).to(parameter.device)]);
    };
    noGrad(() =>
      scope(() => {
        const added = Math.max(1, outFeatures - had);
        const { weight, bias } = this;
        const weight_OI = resized(weight, [added, inFeatures], (more) => this.#initialize(more, generator));
        const bias_O = bias && resized(bias, [added], (more) => defaultBias(more, inFeatures, generator));
        this.replaceParameter("weight", weight_OI);
        if (bias_O !== null) this.replaceParameter("bias", bias_O);
      }),
    );
  }

  override forward(input: Tensor): Tensor {
    return linear(input, this.weight, this.bias);
  }
}
