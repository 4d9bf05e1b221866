/**
 * Boundary expand: train the forget images into an additional class, and then remove that class.
 *
 *   f gets one logit more, K;   min_θ CE(θ; D_f with label K)   from θ_o;   the logit K is dropped
 *
 * Symbols    θ_o original · D_f forget data · K number of classes, so the first label that no class has
 * Source     Chen et al., CVPR 2023, arXiv:2303.11570, section 4.2
 * Reference  OPTML-Group/Unlearn-Saliency Classification/unlearn/boundary_ex.py
 * Differs    the logit is dropped, as in the paper; the reference keeps it, so that its forget images stay in the additional class
 * Cost       `epochs` passes over D_f
 */
import { Linear } from "../nn/index.ts";
import { constant, sgd } from "../optim/index.ts";
import type { Model } from "../models/index.ts";
import { ones, scope } from "../torch/index.ts";
import { CoppiceError, invariant } from "../util/errors.ts";
import { defineMethod } from "./method.ts";
import { sgdOptions, type SgdMethodOptions } from "./sgd-options.ts";
import { relabel } from "./tools/sources.ts";

export const boundaryExpand = defineMethod<SgdMethodOptions>({
  name: "boundary-expand",
  title: "Boundary expand",
  description: "trains the forget data into an additional class, which is then removed",
  source: "Chen et al., CVPR 2023, arXiv:2303.11570",
  cost: "epochs passes over the forget data",
  needs: { retain: false, forget: true, start: "original" },
  options: sgdOptions({ epochs: 10, lr: 1e-5, source: "Chen et al., section 5.1" }),

  check(_options, { masked }) {
    const path = masked.find((name) => /(^|\.)fc\.weight$/.test(name));
    if (path !== undefined) throw maskedClassifier(path);
  },

  caution({ wholeClasses }) {
    return wholeClasses
      ? undefined
      : "Boundary expand moves a class into an additional one, which is then removed; for images drawn from all classes that harms the retained ones of the same classes.";
  },

  async run({ model, mask, forget, trainer, generator }, { epochs, lr, momentum, weightDecay }) {
    const [path, classifier] = classifierOf(model);
    if (mask?.names.includes(`${path}.weight`) === true) throw maskedClassifier(`${path}.weight`);
    const { numClasses } = model.spec;
    using labels_M = scope(() => ones([forget.count], { dtype: "int64" }).mul(numClasses));
    classifier.resize(numClasses + 1, generator);
    await trainer.fit(relabel(forget, labels_M), {
      epochs,
      optimizer: sgd(model.namedParameters(), { lr, momentum, weightDecay }),
      schedule: constant({ lr }),
    });
    classifier.resize(numClasses, generator);
    return {};
  },
});

function maskedClassifier(name: string): CoppiceError {
  return new CoppiceError("E_CONFIG", `boundary-expand: expected a classifier without a mask, got one on ${name}`, {
    hint: "prune with --layers conv, or use boundary-shrink",
  });
}

/** The last linear layer, with its path. */
function classifierOf(model: Model): [string, Linear] {
  const found = [...model.namedModules()].filter((entry): entry is [string, Linear] => entry[1] instanceof Linear);
  const last = found.at(-1);
  invariant(last, `${model.spec.arch} has no linear layer`);
  return last;
}
