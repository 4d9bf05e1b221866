/**
 * SISA: train one network on each shard of the data, slice by slice, so that a deletion retrains only from the slice that held the deleted images.
 *
 *   p(y|x) = Σ_s w_s p_s(y|x);   a shard that holds forgotten images starts again from its last slice without them
 *
 * Symbols    p_s prediction of the network of shard s · w_s 1/S, or its share of the images
 * Source     Bourtoule et al., IEEE S&P 2021, arXiv:1912.03817
 * Reference  cleverhans-lab/machine-unlearning sisa.py, aggregation.py
 * Differs    networks are trained by the original's recipe, its schedule over all slices of a shard; predictions are averaged, as in the paper's
 *            section IV-B, where the reference counts votes by default. Exact: nothing of a slice that held a forgotten image is used;
 *            but a pruned original's mask is, which was found with all images
 * Cost       the share of slices behind the first forgotten image of each shard, of the original's training
 */
import { defineMethod } from "./method.ts";
import { sgdOptions, type SgdMethodOptions } from "./sgd-options.ts";
import { checkSharding, mostParts, type ShardTraining, smallestSlice, trainShards } from "./tools/shards.ts";

export interface SisaOptions extends Pick<SgdMethodOptions, "epochs" | "lr">, Omit<ShardTraining, "sharpness"> {}

const source = "Bourtoule et al., section VII: 5 shards and up; slices this project's choice";

export const sisa = defineMethod<SisaOptions>({
  name: "sisa",
  title: "SISA",
  description:
    "an ensemble trained in shards and slices: a deletion retrains only the slices from the deleted images on",
  source: "Bourtoule et al., IEEE S&P 2021, arXiv:1912.03817",
  cost: "the original's training, for the slices that no earlier run has kept; few slices where few images are deleted from an original trained with --shards",
  needs: { retain: true, forget: false, start: "member" },
  options: {
    ...(({ epochs, lr }) => ({ epochs, lr }))(
      sgdOptions({ epochs: "original", lr: "original", source: "the original's own training" }),
    ),
    shards: {
      type: "integer",
      default: "original",
      min: 1,
      max: mostParts,
      description: "networks, each trained on a different part of the images; default the original's, or 5",
      source,
    },
    slices: {
      type: "integer",
      default: "original",
      min: 1,
      max: mostParts,
      description: "parts of a shard, which are added to its training one after another; default the original's, or 4",
      source,
    },
    weights: {
      type: "choice",
      default: "uniform",
      choices: ["uniform", "proportional"],
      description:
        "weights of the networks in the mean prediction: equal, or in proportion to the images of their shards",
      source: "Bourtoule et al., section IV-B",
    },
  },

  check({ epochs, shards, slices }, { count, share }) {
    checkSharding({ epochs, shards, slices }, Math.round(count / share) - count);
  },

  smallestSet: (sets, options) => smallestSlice(sets, options),

  caution({ count, masked }, { shards }) {
    if (masked.length > 0) {
      return "SISA trains under the mask of the pruned original, which was found with the forget data: exact but for that mask.";
    }
    const touched = shards * (1 - (1 - 1 / shards) ** count);
    if (shards === 1 || touched < 0.9 * shards) return undefined;
    return `SISA saves time where few images are forgotten: ${count} of them lie in about ${touched.toFixed(touched > shards - 0.05 ? 0 : 1)} of ${shards} shards, most of which start again from an early slice.`;
  },

  run: trainShards,
});
