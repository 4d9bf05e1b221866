/** Training points in which equal samples of the same class have become one point with a count. */
import { cat, scope, type Tensor } from "../../torch/index.ts";

export interface WeightedPoints {
  /** Distinct points, float64 [P, D], in ascending order of label and features. */
  readonly features_PD: Tensor;
  /** +1 or -1, float64 [P]. */
  readonly labels_P: Tensor;
  /** How many samples became this point, float64 [P]. */
  readonly counts_P: Tensor;
}

/** Merges samples `features` float64 [N, D] with `labels` float64 [N] that agree in every bit of both. */
export function mergeDuplicates(features: Tensor, labels: Tensor): WeightedPoints {
  return scope(() => {
    const rows = cat([labels.unsqueeze(1), features], 1);
    const [distinct, , counts] = rows.uniqueDim(0, true, false, true);
    return {
      features_PD: distinct.narrow(1, 1, features.shape[1] ?? 0).contiguous(),
      labels_P: distinct.select(1, 0).contiguous(),
      counts_P: counts.to("float64"),
    };
  });
}
