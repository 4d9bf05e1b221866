/**
 * Activation clustering: the features of a class that was poisoned fall into two clusters, clean and poisoned.
 *
 *   for each class: principal directions of its features, two means;  suspects: the smaller cluster if it is small and well separated
 *
 * Source     Chen et al. 2018, arXiv:1811.03728
 * Reference  Trusted-AI/adversarial-robustness-toolbox art/defences/detector/poison/activation_defence.py: 10 dimensions, size below 0.35,
 *            silhouette above 0.1
 * Differs    principal directions instead of independent components (both are offered there); both conditions together, as the toolbox's silhouette
 *            analysis. Where more than half of a class's images are poisoned, the smaller cluster is the clean one; the method cannot see that
 */
import { scope, tensor } from "../torch/index.ts";
import { defineDetector } from "./detector.ts";
import { featuresOf, positionsByClass } from "./features.ts";
import { principalCoordinates } from "./principal-directions.ts";
import { twoMeans } from "./two-means.ts";

interface ActivationClusteringOptions {
  /** Principal components that the clustering uses. */
  readonly dimensions: number;
  /** Share of the class below which the smaller cluster is suspicious. */
  readonly size: number;
  /** Silhouette above which it is. */
  readonly silhouette: number;
}

const source = "adversarial-robustness-toolbox, ActivationDefence";
const fewest = 4;

export const activationClustering = defineDetector<ActivationClusteringOptions>({
  name: "activation-clustering",
  title: "Activation clustering",
  description:
    "splits each class's features into two clusters; the smaller is suspicious if it is small and well separated",
  source: "Chen et al. 2018, arXiv:1811.03728",
  cost: "one pass over the training images",
  options: {
    dimensions: {
      type: "integer",
      default: 10,
      min: 1,
      max: 10_000,
      description: "principal components that the clustering uses",
      source,
    },
    size: {
      type: "number",
      default: 0.35,
      min: 0,
      max: 0.5,
      description: "the smaller cluster is suspicious if it has less than this share of its class",
      source,
    },
    silhouette: {
      type: "number",
      default: 0.1,
      min: -1,
      max: 1,
      description: "the smaller cluster is suspicious if the silhouette of the two clusters is above this",
      source,
    },
  },

  async run({ model, train, log, signal }, { dimensions, size, silhouette }) {
    const { features_MD, labels } = await featuresOf(model, train, signal);
    const scores = labels.map(() => 0);
    const suspects: number[] = [];
    for (const [label, positions] of positionsByClass(labels)) {
      if (positions.length < fewest) continue;
      const clusters = scope(() => {
        const features = features_MD.indexSelect(0, tensor(BigInt64Array.from(positions, BigInt)));
        return twoMeans(principalCoordinates(features, dimensions));
      });
      const smaller = positions.filter((_, i) => clusters.inSmaller[i]);
      const share = smaller.length / positions.length;
      for (const position of smaller) scores[position] = clusters.silhouette;
      const suspicious = share < size && clusters.silhouette > silhouette;
      if (suspicious) suspects.push(...smaller);
      const what = `smaller cluster ${share.toFixed(3)} of ${positions.length} images, silhouette ${clusters.silhouette.toFixed(3)}`;
      log(`class ${label}: ${what}${suspicious ? ": suspicious" : ""}`);
    }
    features_MD.dispose();
    return { suspects: suspects.toSorted((a, b) => a - b), scores };
  },
});
