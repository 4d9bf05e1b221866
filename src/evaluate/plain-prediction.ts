/** What anyone's model said of a set of images, in plain arrays, and its way to the tensors that metrics are computed from. */
import { scope, tensor, Tensor } from "../torch/index.ts";
import type { Prediction } from "../train/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { checkPrediction } from "./predictions.ts";

/** Logits and labels of N images in K classes, as arrays. */
export interface PlainPrediction {
  /** [N, K]: a row for each image, or row-major numbers with their shape. */
  readonly logits:
    | readonly (readonly number[])[]
    | { readonly data: Float32Array | Float64Array; readonly shape: readonly [number, number] };
  /** [N], each from 0 to K - 1. */
  readonly labels: readonly number[] | Uint8Array | Int32Array | BigInt64Array;
}

/** As tensors or as arrays: whatever measures predictions takes either. */
export type PredictionInput = Prediction | PlainPrediction;

/**
 * `given` as tensors: itself if it is, else copies of its arrays that belong to the caller's scope, logits float32 of a Float32Array and float64 else.
 * @throws CoppiceError for arrays, as checkPrediction and: E_SHAPE for rows of different lengths or a shape that is not the data's; E_ARG for labels
 *   that are not whole numbers. Tensors are not looked at
 */
export function toPrediction(where: string, given: PredictionInput): Prediction {
  if (isTensors(given)) return given;
  return scope(() => {
    const prediction = { logits: logitsOf(where, given.logits), labels: labelsOf(where, given.labels) };
    checkPrediction(where, prediction);
    return prediction;
  });
}

/** What `body` makes of `given` as tensors. What had to be made for it is freed again. @throws CoppiceError as toPrediction */
export function withPrediction<T>(where: string, given: PredictionInput, body: (prediction: Prediction) => T): T {
  return scope(() => body(toPrediction(where, given)));
}

/** N. */
export function countImages({ labels }: PredictionInput): number {
  return labels instanceof Tensor ? labels.numel : labels.length;
}

function isTensors(given: PredictionInput): given is Prediction {
  return given.logits instanceof Tensor;
}

function logitsOf(where: string, logits: PlainPrediction["logits"]): Tensor {
  if ("data" in logits) {
    const { data, shape } = logits;
    if (shape.length === 2 && shape[0] * shape[1] === data.length) return tensor(data, { shape });
    const got = `${data.length} and [${shape.join(", ")}]`;
    throw new CoppiceError("E_SHAPE", `${where}: expected as many logits as their shape [N, K] holds, got ${got}`);
  }
  const width = logits[0]?.length ?? 0;
  const odd = logits.findIndex((row) => row.length !== width);
  if (odd < 0) return tensor(logits.flat(), { shape: [logits.length, width], dtype: "float64" });
  const got = `${width} in the first and ${logits[odd]?.length} in row ${odd}`;
  throw new CoppiceError("E_SHAPE", `${where}: expected as many logits in every row, got ${got}`);
}

function labelsOf(where: string, labels: PlainPrediction["labels"]): Tensor {
  if (labels instanceof BigInt64Array) return tensor(labels);
  const numbers = Array.from(labels);
  const odd = numbers.find((label) => !Number.isSafeInteger(label));
  if (odd === undefined) return tensor(numbers, { dtype: "int64" });
  throw new CoppiceError("E_ARG", `${where}: expected labels that are whole numbers, got ${odd}`);
}
