/**
 * Gradients of single images, from one backward pass over a batch.
 *
 * In evaluation mode images do not meet each other, so that the gradient of the summed loss with respect to a layer's output holds
 * each image's own, and with the layer's input gives each image's gradient of the weights:
 *   convolution   g_n = dY_n · patches(x_n)ᵀ      linear   g_n = dy_n x_nᵀ, dy_n      batch normalisation   g_n = Σ dY_n x̂_n, Σ dY_n
 *
 * Shapes     N batch · C channels · H,W map · P positions
 * Source     Goodfellow 2015, arXiv:1510.01799 (linear layers); Rochette et al. 2019, arXiv:1912.06015 (convolutions)
 * Reference  torch.func.vmap of torch.func.grad gives the same
 * Differs    nothing known
 */
import type { Model } from "../../models/index.ts";
import { BatchNorm2d, Conv2d, Linear } from "../../nn/index.ts";
import { conv2d, grad, im2col, keep, linear, noGrad, scope, type Tensor } from "../../torch/index.ts";
import { CoppiceError, invariant } from "../../util/errors.ts";

interface Captured {
  /** Path of the layer, as in parameter names. */
  readonly path: string;
  readonly layer: Conv2d | Linear | BatchNorm2d;
  readonly input: Tensor;
  readonly output: Tensor;
}

/** A forward pass that remembers what every layer with parameters saw. */
export class LayerTrace implements Disposable {
  readonly logits_NK: Tensor;
  readonly #layers: Captured[] = [];

  /** @throws CoppiceError E_CONFIG for a model in training mode, or with parameters in layers that are not known here */
  constructor(model: Model, images_NCHW: Tensor) {
    if (model.training)
      throw new CoppiceError("E_CONFIG", "gradients of single images: expected evaluation mode, got training mode");
    const known = new Set<Tensor>();
    const restore: (() => void)[] = [];
    for (const [path, layer] of model.namedModules()) {
      if (!(layer instanceof Conv2d || layer instanceof Linear || layer instanceof BatchNorm2d)) continue;
      for (const parameter of layer.parameters()) known.add(parameter);
      restore.push(this.#watch(path, layer));
    }
    try {
      const unknown = [...model.namedParameters()].find(([, parameter]) => !known.has(parameter));
      if (unknown !== undefined) {
        throw new CoppiceError(
          "E_CONFIG",
          `gradients of single images: expected convolutions, linear layers and batch normalisations, got ${unknown[0]}`,
        );
      }
      this.logits_NK = keep(model.call(images_NCHW));
    } finally {
      for (const undo of restore) undo();
    }
  }

  /**
   * The gradient of every image by parameter name, [N, …parameter's shape], to `visit`; each is freed after its visit.
   * @param loss_N one loss an image, made from `logits_NK`
   */
  each(loss_N: Tensor, visit: (name: string, gradient: Tensor) => void): void {
    scope(() => {
      const outputs = this.#layers.map(({ output }) => output);
      const gradients = grad([loss_N.sum()], outputs, { retainGraph: true });
      noGrad(() =>
        this.#layers.forEach((captured, i) =>
          scope(() => {
            for (const [name, gradient] of ofLayer(captured, gradients[i] as Tensor))
              visit(`${captured.path}.${name}`, gradient);
          }),
        ),
      );
    });
  }

  /** ⟨g_n, direction⟩ of every image n, [N], without making the gradients. @param directions by parameter name, of its shape */
  products(loss_N: Tensor, directions: ReadonlyMap<string, Tensor>): Tensor {
    return scope(() => {
      const outputs = this.#layers.map(({ output }) => output);
      const gradients = grad([loss_N.sum()], outputs, { retainGraph: true });
      return noGrad(() =>
        this.#layers
          .map(({ path, layer, input }, i) => {
            const along = (name: string): Tensor | null => directions.get(`${path}.${name}`) ?? null;
            return derivative(layer, input, along)
              .mul(gradients[i] as Tensor)
              .flatten(1, -1)
              .sumDim([1]);
          })
          .reduce((sum, part) => sum.add(part)),
      );
    });
  }

  [Symbol.dispose](): void {
    this.logits_NK.dispose();
    for (const { input, output } of this.#layers) for (const tensor of [input, output]) tensor.dispose();
    this.#layers.length = 0;
  }

  #watch(path: string, layer: Captured["layer"]): () => void {
    const forward = layer.forward.bind(layer);
    layer.forward = (input) => {
      const output = keep(forward(input));
      this.#layers.push({ path, layer, input: keep(input.detach()), output });
      return output.clone(); // what is changed in place after the layer must not change what was captured
    };
    return () => void Reflect.deleteProperty(layer, "forward");
  }
}

/** x̂ of a batch normalisation with running statistics. */
function normalized({ runningMean, runningVar, eps }: BatchNorm2d, input_NCHW: Tensor): Tensor {
  const shape = [1, -1, 1, 1];
  return input_NCHW.sub(runningMean.view(shape)).mul(runningVar.add(eps).rsqrt().view(shape));
}

function ofLayer({ layer, input }: Captured, gradient: Tensor): [string, Tensor][] {
  if (layer instanceof BatchNorm2d) {
    return [
      ["weight", gradient.mul(normalized(layer, input)).sumDim([2, 3])],
      ["bias", gradient.sumDim([2, 3])],
    ];
  }
  if (layer instanceof Linear) {
    return [
      ["weight", gradient.unsqueeze(2).matmul(input.unsqueeze(1))],
      ["bias", gradient],
    ];
  }
  const { weight, padding, stride, dilation } = layer;
  const [, , height = 1, width = 1] = weight.shape;
  const patches_NKP = im2col(input, [height, width], [...dilation], [...padding], [...stride]);
  const ofWeight = gradient
    .flatten(2, -1)
    .matmul(patches_NKP.transpose(1, 2))
    .view([-1, ...weight.shape]);
  return layer.bias === null
    ? [["weight", ofWeight]]
    : [
        ["weight", ofWeight],
        ["bias", gradient.sumDim([2, 3])],
      ];
}

/** How the layer's output moves when its parameters do: its forward pass with the directions as parameters. */
function derivative(layer: Captured["layer"], input: Tensor, along: (name: string) => Tensor | null): Tensor {
  const [weight, bias] = [along("weight"), along("bias")];
  invariant(weight, "no direction for a weight");
  if (layer instanceof BatchNorm2d) {
    const scaled = normalized(layer, input).mul(weight.view([1, -1, 1, 1]));
    return bias === null ? scaled : scaled.add(bias.view([1, -1, 1, 1]));
  }
  if (layer instanceof Linear) return linear(input, weight, bias);
  const { stride, padding, dilation, groups } = layer;
  return conv2d(input, weight, bias, stride, padding, dilation, groups);
}
