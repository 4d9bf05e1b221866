/**
 * Gradients of single images, from one backward pass over a batch.
 *
 * In evaluation mode images do not meet each other, so that the gradient of the summed loss with respect to a layer's output holds
 * each image's own, and with the layer's input gives each image's gradient of the weights. With normalisations folded (folded.ts):
 *   g'_n = dY_n · patches(x_n)ᵀ,  g_n(W) = s g'_n,  g_n(β) = Σ dY_n,  g_n(γ) = (⟨g'_n, W⟩ - μ g_n(β)) / σ;   linear  g_n = dy_n x_nᵀ, dy_n
 *
 * Shapes     N batch · R losses an image · C channels · H,W map
 * Source     Goodfellow 2015, arXiv:1510.01799 (linear layers); Rochette et al. 2019, arXiv:1912.06015 (convolutions)
 * Reference  torch.func.vmap of torch.func.grad gives the same
 * Differs    normalisations are folded
 */
import type { Model, NetworkGraph } from "../../models/index.ts";
import type { Module } from "../../nn/index.ts";
import {
  conv2dSampleGradients,
  conv2dSampleSquares,
  grad,
  keep,
  noGrad,
  scope,
  stack,
  type Tensor,
} from "../../torch/index.ts";
import { CoppiceError, invariant } from "../../util/errors.ts";
import { type FoldedLayer, foldedLogits, foldOf } from "./folded.ts";

/** A loss of every image, and how much its square counts. */
export interface WeighedLoss {
  /** Made from `logits_NK`. */
  readonly loss_N: Tensor;
  readonly share_N: Tensor;
}

/** A forward pass that remembers what every layer with parameters saw. */
export class LayerTrace implements Disposable {
  readonly logits_NK: Tensor;
  readonly #graph: NetworkGraph;
  readonly #layers: FoldedLayer[] = [];
  readonly #features_NF: Tensor;
  readonly #paths: ReadonlyMap<Module, string>;

  /** @throws CoppiceError E_CONFIG for a model in training mode, or one that does not describe its steps */
  constructor(model: Model, images_NCHW: Tensor) {
    if (model.training)
      throw new CoppiceError("E_CONFIG", "gradients of single images: expected evaluation mode, got training mode");
    const graph = model.graph();
    if (graph === null) {
      throw new CoppiceError(
        "E_CONFIG",
        `gradients of single images: expected a network that describes its steps, got ${model.spec.arch} without`,
      );
    }
    this.#graph = graph;
    this.#paths = new Map([...model.namedModules()].map(([path, module]) => [module, path]));
    let features: Tensor | undefined;
    this.logits_NK = keep(
      scope(() =>
        foldedLogits(graph, images_NCHW, {
          layer: ({ step, input_NCHW, output_NCHW }) =>
            this.#layers.push({ step, input_NCHW: keep(input_NCHW.detach()), output_NCHW: keep(output_NCHW) }),
          features: (features_NF) => void (features = keep(features_NF.detach())),
        }),
      ),
    );
    invariant(features, "a network has a classifier");
    this.#features_NF = features;
  }

  /**
   * The gradient of every image by parameter name, [N, …parameter's shape], to `visit`; each is freed after its visit.
   * @param wanted layers without any of these parameters are left out; default: none is
   */
  each(loss_N: Tensor, visit: (name: string, gradient: Tensor) => void, wanted?: ReadonlySet<string>): void {
    scope(() => {
      const [ofLogits, gradients] = this.#backward(loss_N);
      noGrad(() => {
        this.#layers.forEach((layer, i) =>
          scope(() => {
            const { convolution, norm } = layer.step;
            const own = [`${this.#path(convolution)}.weight`, `${this.#path(norm)}.weight`, `${this.#path(norm)}.bias`];
            if (wanted !== undefined && !own.some((name) => wanted.has(name))) return;
            const { weight, stride, padding, dilation } = convolution;
            const { scale_C, inverse_C } = foldOf(norm);
            const outputs = gradients[i] as Tensor;
            const kernel = weight.shape.slice(2);
            const folded = conv2dSampleGradients(layer.input_NCHW, outputs, kernel, stride, padding, dilation);
            const sums_NC = outputs.sumDim([2, 3]);
            const inner_NC = folded.mul(weight).flatten(2, -1).sumDim([2]);
            visit(`${this.#path(convolution)}.weight`, folded.mul(scale_C.view([-1, 1, 1, 1])));
            visit(`${this.#path(norm)}.weight`, inner_NC.sub(sums_NC.mul(norm.runningMean)).mul(inverse_C));
            visit(`${this.#path(norm)}.bias`, sums_NC);
          }),
        );
        visit(`${this.#path(this.#graph.fc)}.weight`, ofLogits.unsqueeze(2).matmul(this.#features_NF.unsqueeze(1)));
        visit(`${this.#path(this.#graph.fc)}.bias`, ofLogits);
      });
    });
  }

  /** Σ over losses and images of share · gradient², by parameter name, to `visit`; each is freed after its visit. */
  squares(losses: readonly WeighedLoss[], visit: (name: string, squares: Tensor) => void): void {
    scope(() => {
      const passes = losses.map(({ loss_N }) => this.#backward(loss_N));
      noGrad(() => {
        const share_RN = stack(losses.map(({ share_N }) => share_N));
        this.#layers.forEach((layer, i) =>
          scope(() => {
            const { convolution, norm } = layer.step;
            const { weight, stride, padding, dilation } = convolution;
            const { scale_C, inverse_C } = foldOf(norm);
            const outputs = stack(passes.map(([, gradients]) => gradients[i] as Tensor));
            const [squares, inner_RNC, sums_RNC] = conv2dSampleSquares(
              layer.input_NCHW,
              outputs,
              share_RN,
              weight,
              stride,
              padding,
              dilation,
            );
            const weighed = (gradient_RNC: Tensor): Tensor =>
              gradient_RNC.square().mul(share_RN.unsqueeze(2)).sumDim([0, 1]);
            visit(`${this.#path(convolution)}.weight`, squares.mul(scale_C.square().view([-1, 1, 1, 1])));
            visit(`${this.#path(norm)}.weight`, weighed(inner_RNC.sub(sums_RNC.mul(norm.runningMean)).mul(inverse_C)));
            visit(`${this.#path(norm)}.bias`, weighed(sums_RNC));
          }),
        );
        // Σ share (dy x)² = (Σ_r share dy²)ᵀ x²
        const squared_NK = stack(passes.map(([ofLogits]) => ofLogits.square()))
          .mul(share_RN.unsqueeze(2))
          .sumDim([0]);
        visit(`${this.#path(this.#graph.fc)}.weight`, squared_NK.t().matmul(this.#features_NF.square()));
        visit(`${this.#path(this.#graph.fc)}.bias`, squared_NK.sumDim([0]));
      });
    });
  }

  [Symbol.dispose](): void {
    for (const tensor of [this.logits_NK, this.#features_NF]) tensor.dispose();
    for (const { input_NCHW, output_NCHW } of this.#layers)
      for (const tensor of [input_NCHW, output_NCHW]) tensor.dispose();
    this.#layers.length = 0;
  }

  /** Of the summed loss: with respect to the logits, and to the output of every convolution. */
  #backward(loss_N: Tensor): [Tensor, Tensor[]] {
    const outputs = [this.logits_NK, ...this.#layers.map(({ output_NCHW }) => output_NCHW)];
    const [ofLogits, ...others] = grad([loss_N.sum()], outputs, { retainGraph: true });
    return [ofLogits as Tensor, others];
  }

  #path(module: Module): string {
    return this.#paths.get(module) ?? "";
  }
}
