/** Normalisation constants in double precision: the fixtures' float64 runs use the exact decimals, not float32's neighbours. */
import type { Model } from "../../src/models/index.ts";
import { noGrad, tensor } from "../../src/torch/index.ts";

/** Overwrites the constants of a model, converted to float64 before, by those of its spec. */
export function useExactConstants<M extends Model>(model: M): M {
  for (const [name, values] of Object.entries(model.spec.normalize)) {
    using exact = tensor(values, { dtype: "float64" });
    noGrad(() => model.namedBuffers().get(`normalize.${name}`)?.copy_(exact));
  }
  return model;
}
