/**
 * How far two models lie apart in weight space.
 *
 *   d(θ, θ') = √( Σ_p ‖θ_p - θ'_p‖² ),   over all parameters p
 *
 * Source     Thudi et al., EuroS&P 2022, arXiv:2109.13398 (verification error); Jia et al., arXiv:2304.04934, Proposition 2
 * Reference  OPTML-Group/Unlearn-Sparse verification_error.py of 2023
 * Differs    accumulated in float64
 */
import { scope, type Tensor } from "../torch/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { defineMetric } from "./metric.ts";

export interface WeightPair {
  /** Parameters by name. */
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** The other model's: same names, same shapes. */
  readonly reference: ReadonlyMap<string, Tensor>;
}

/** @throws CoppiceError E_CHECKPOINT from `measure` when names or shapes differ */
export const weightDistance = defineMetric({
  name: "weight-distance",
  title: "Weight distance",
  direction: "lower",
  unit: "norm",
  description: "Euclidean distance between the parameters of two models, usually to Retrain's",
  source: "Thudi et al., EuroS&P 2022, arXiv:2109.13398",
  measure({ parameters, reference }: WeightPair) {
    const names = new Set([...parameters.keys(), ...reference.keys()]);
    let squares = 0;
    for (const name of names) {
      const [ours, theirs] = [parameters.get(name), reference.get(name)];
      if (ours?.shape.join() !== theirs?.shape.join() || ours === undefined || theirs === undefined) {
        throw new CoppiceError(
          "E_CHECKPOINT",
          `weight-distance.${name}: expected the same shape in both models, got ${shown(ours)} and ${shown(theirs)}`,
        );
      }
      squares += scope(() => ours.detach().to("float64").sub(theirs.detach().to("float64")).square().sum().item());
    }
    return Math.sqrt(squares);
  },
});

function shown(tensor: Tensor | undefined): string {
  return tensor === undefined ? "none" : `[${tensor.shape.join(", ")}]`;
}
