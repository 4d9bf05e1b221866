/**
 * Spectral signatures: poisoned images of a class are outliers along the first principal component of its features.
 *
 *   s_i = ((f_i - mean) · v)²,   v principal direction of the class's features;   suspects: the largest s of each class
 *
 * Symbols    f features of an image
 * Source     Tran, Li and Madry, NeurIPS 2018, arXiv:1811.00636, algorithm 1
 * Reference  SCLBD/BackdoorBench defense/spectral.py, config/defense/spectral: the upper 15 % (percentile 85)
 * Differs    the share is given (there 1.5 times the attacker's, which a defender does not know); taken of every class, as there
 */
import { scope, tensor } from "../torch/index.ts";
import { defineDetector } from "./detector.ts";
import { featuresOf, positionsByClass } from "./features.ts";
import { principalCoordinates } from "./principal-directions.ts";

interface SpectralOptions {
  /** Of each class's images. */
  readonly share: number;
}

export const spectralSignatures = defineDetector<SpectralOptions>({
  name: "spectral-signatures",
  title: "Spectral signatures",
  description:
    "suspects a share of every class: the images farthest from the mean along the first principal component of its features",
  source: "Tran et al., NeurIPS 2018, arXiv:1811.00636",
  cost: "one pass over the training images",
  options: {
    share: {
      type: "number",
      default: 0.15,
      min: 0,
      aboveMin: true,
      max: 0.9,
      description: "share of every class that is suspected",
      source: "BackdoorBench config/defense/spectral: percentile 85",
    },
  },

  async run({ model, train, signal }, { share }) {
    const { features_MD, labels } = await featuresOf(model, train, signal);
    const scores = labels.map(() => 0);
    const suspects: number[] = [];
    for (const positions of positionsByClass(labels).values()) {
      const outlying = scope(() => {
        const features = features_MD.indexSelect(0, tensor(BigInt64Array.from(positions, BigInt)));
        return principalCoordinates(features, 1).square().squeeze(1).toArray();
      });
      positions.forEach((position, i) => (scores[position] = outlying[i] ?? 0));
      const ranked = positions.toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
      suspects.push(...ranked.slice(0, Math.round(share * positions.length)));
    }
    features_MD.dispose();
    return { suspects: suspects.toSorted((a, b) => a - b), scores };
  },
});
