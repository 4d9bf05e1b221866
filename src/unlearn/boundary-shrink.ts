/**
 * Boundary shrink: train each forget image towards the class on the other side of the nearest decision boundary.
 *
 *   x' = clip(x + ε sign ∇_x CE(θ_o; x, y), 0, 1),   y' = argmax f(θ_o; x'),   min_θ CE(θ; D_f with y')   from θ_o
 *
 * Symbols    θ_o original, evaluation mode · D_f forget data · ε largest change of a pixel
 * Source     Chen et al., CVPR 2023, arXiv:2303.11570, section 4.1
 * Reference  OPTML-Group/Unlearn-Saliency Classification/unlearn/boundary_sh.py
 * Differs    y' is found once, for each image without augmentation; the reference finds it in every epoch for the augmented image. x' is rounded to
 *            1/255, as there
 * Cost       a forward and a backward pass over D_f, then `epochs` passes
 */
import { crossEntropy } from "../nn/index.ts";
import { constant, sgd } from "../optim/index.ts";
import { cat, grad, keep, noGrad, scope, type Tensor } from "../torch/index.ts";
import type { Model } from "../models/index.ts";
import { defineMethod, type MethodContext } from "./method.ts";
import { relabel } from "./tools/sources.ts";
import { sgdOptions, type SgdMethodOptions } from "./sgd-options.ts";

export interface BoundaryShrinkOptions extends SgdMethodOptions {
  /** ε > 0, of pixels from 0 to 1. */
  readonly epsilon: number;
}

export const boundaryShrink = defineMethod<BoundaryShrinkOptions>({
  name: "boundary-shrink",
  title: "Boundary shrink",
  description: "trains each forget image towards the class on the other side of the nearest decision boundary",
  source: "Chen et al., CVPR 2023, arXiv:2303.11570",
  cost: "epochs + 1 passes over the forget data",
  needs: { retain: false, forget: true, start: "original" },
  options: {
    ...sgdOptions({ epochs: 10, lr: 1e-5, source: "Chen et al., section 5.1" }),
    epsilon: {
      type: "number",
      default: 0.1,
      min: 0,
      aboveMin: true,
      max: 1,
      description: "size of the step across the boundary, in pixel values from 0 to 1",
      source: "OPTML-Group/Unlearn-Saliency boundary_sh.py: bound 0.1",
    },
  },

  caution({ wholeClasses }) {
    return wholeClasses
      ? undefined
      : "Boundary shrink moves a class's region into its neighbours'; for images drawn from all classes that harms the retained ones of the same classes.";
  },

  async run(context, { epochs, lr, momentum, weightDecay, epsilon }) {
    using labels_M = await nearestClasses(context, epsilon);
    await context.trainer.fit(relabel(context.forget, labels_M), {
      epochs,
      optimizer: sgd(context.model.namedParameters(), { lr, momentum, weightDecay }),
      schedule: constant({ lr }),
    });
    return {};
  },
});

/** y' of every forget image, int64 [M]; the caller disposes of it. */
async function nearestClasses({ forget, trainer, copy }: MethodContext, epsilon: number): Promise<Tensor> {
  using original = copy("dense");
  const parts: Tensor[] = [];
  await trainer.pass(forget, "nearest classes of the forget data", trainer.batchSize, ({ images, labels }) => {
    const moved = crossBoundary(original, images, labels, epsilon);
    parts.push(keep(noGrad(() => original.call(moved).argmax(1).to("cpu"))));
  });
  const all = keep(scope(() => cat(parts)));
  for (const part of parts) part.dispose();
  return all;
}

/** x': one step of ε up the loss, within [0, 1], in steps of 1/255. */
export function crossBoundary(model: Model, images_NCHW: Tensor, labels_N: Tensor, epsilon: number): Tensor {
  const images = images_NCHW.detach().clone();
  images.requiresGrad = true;
  const [gradient] = grad([crossEntropy(model.call(images), labels_N)], [images]) as [Tensor];
  return noGrad(() => images.detach().add(gradient.sign(), epsilon).clamp(0, 1).mul(255).round().div(255));
}
