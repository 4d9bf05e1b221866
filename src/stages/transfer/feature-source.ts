/**
 * What a frozen network makes of images, computed once: a linear probe trains on it as on images, as often as it likes, at the cost of the last layer.
 *
 * Shapes     M images · N batch · F features
 */
import type { Batch, BatchSource } from "../../data/batches.ts";
import type { Model } from "../../models/index.ts";
import { cat, keep, noGrad, scope, type Tensor } from "../../torch/index.ts";
import { CoppiceError, invariant } from "../../util/errors.ts";

export class FeatureSource implements BatchSource, Disposable {
  readonly count: number;
  readonly #features_MF: Tensor;
  readonly #labels_M: Tensor;

  private constructor(features_MF: Tensor, labels_M: Tensor) {
    this.count = labels_M.numel;
    this.#features_MF = features_MF;
    this.#labels_M = labels_M;
  }

  /** Gathers batches of images one after another; `finish` makes the source. The model must be in evaluation mode and have a head. */
  static gather(model: Model): { visit: (batch: Batch) => void; finish: () => FeatureSource } {
    const parts: { features: Tensor; labels: Tensor }[] = [];
    return {
      visit: ({ images, labels }) => {
        const features = noGrad(() => scope(() => model.features(images)));
        invariant(features, "a network with a head has features");
        parts.push({ features: keep(features.clone()), labels: keep(labels.clone()) });
      },
      finish: () => {
        const joined = scope(() => ({
          features: cat(parts.map(({ features }) => features)),
          labels: cat(parts.map(({ labels }) => labels)),
        }));
        for (const { features, labels } of parts) {
          features.dispose();
          labels.dispose();
        }
        return new FeatureSource(keep(joined.features), keep(joined.labels));
      },
    };
  }

  /** Features [N, F] in the place of images. @throws CoppiceError E_CONFIG when they should be augmented: they are of whole images */
  take(positions: Tensor, augment: unknown): Batch {
    if (augment !== null)
      throw new CoppiceError("E_CONFIG", "features: expected no augmentation, got a generator for it");
    const chosen = positions.to(this.#labels_M.device);
    return { images: this.#features_MF.indexSelect(0, chosen), labels: this.#labels_M.indexSelect(0, chosen) };
  }

  dispose(): void {
    this.#features_MF.dispose();
    this.#labels_M.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
