/** The logits of the golden membership fixtures as predictions. */
import { tensor } from "../../../src/torch/index.ts";
import type { Prediction } from "../../../src/train/index.ts";
import { toTensor } from "../../support/compare.ts";
import { type GoldenTensor, readGoldenTensors } from "../../support/golden.ts";

export type GoldenSet = "member" | "nonmember" | "forget" | "target_train";

/** Logits as float64, or rounded to float32 first as the fixture's float32 run does. */
export function goldenPrediction(set: GoldenSet, dtype: "float32" | "float64" = "float64"): Prediction {
  const tensors = readGoldenTensors("metrics/logits.safetensors");
  const logits = toTensor(tensors.get(`${set}_logits`) as GoldenTensor);
  const labels = tensors.get(`${set}_labels`) as GoldenTensor;
  return { logits: logits.to(dtype), labels: tensor(Array.from(labels.data, Number), { dtype: "int64" }) };
}
