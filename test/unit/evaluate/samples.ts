/** Small seeded sets of numbers for the tests of this folder. */
import { firstOf } from "../../../src/evaluate/predictions.ts";
import { full, Generator, rand, randn, tensor, type Tensor, zeros } from "../../../src/torch/index.ts";
import type { Prediction } from "../../../src/train/index.ts";

/** float64 [count, width]: standard normal, moved by `shift`. */
export function normal(seed: number, count: number, width: number, shift = 0): Tensor {
  return randn([count, width], { generator: Generator.seeded(seed), dtype: "float64" }).add(shift);
}

/** float64 [rows, columns] of the numbers given. */
export function matrix(rows: readonly (readonly number[])[]): Tensor {
  return tensor(rows.flat(), { shape: [rows.length, rows[0]?.length ?? 0], dtype: "float64" });
}

/** float64 [N]. */
export function vector(values: readonly number[]): Tensor {
  return tensor(values, { dtype: "float64" });
}

/** +1 for the first `positives`, -1 for the `negatives` after them: float64. */
export function signs(positives: number, negatives: number): Tensor {
  return vector([...Array<number>(positives).fill(1), ...Array<number>(negatives).fill(-1)]);
}

/** The largest |a - b|. */
export function largestDifference(a: Tensor, b: Tensor): number {
  return a.sub(b).abs().max().item();
}

/** exp(-γ ‖x - x'‖²) for every pair of rows, from the definition: float64 [N, M]. */
export function gaussianKernel(a: Tensor, b: Tensor, gamma: number): Tensor {
  return a.unsqueeze(1).sub(b.unsqueeze(0)).square().sumDim([2]).mul(-gamma).exp();
}

/** What a model might say: logits float32, or of the type given; `count` takes the first rows only. */
export function prediction(
  logits: readonly (readonly number[])[],
  labels: readonly number[],
  count = labels.length,
  dtype: "float32" | "float64" = "float32",
): Prediction {
  const all = tensor(logits.flat(), { shape: [logits.length, logits[0]?.length ?? 0], dtype });
  return firstOf({ logits: all, labels: tensor(labels, { dtype: "int64" }) }, count);
}

/** A model with `accuracy` on `count` images of `numClasses` classes in turn, the surer the larger `certainty`. */
export function madeUpPrediction(
  seed: number,
  { count = 200, numClasses = 4, accuracy = 0.8, certainty = 3 } = {},
): Prediction {
  const generator = Generator.seeded(seed);
  const noise = randn([count, numClasses], { generator });
  const labels = Array.from({ length: count }, (_, i) => i % numClasses);
  const hits = rand([count], { generator }).lt(accuracy).toArray();
  const answers = labels.map((label, i) => (hits[i] === 1 ? label : (label + 1) % numClasses));
  const peaks = zeros([count, numClasses]).scatter_(
    1,
    tensor(answers, { dtype: "int64" }).unsqueeze(1),
    full([count, 1], certainty),
  );
  return { logits: noise.add(peaks), labels: tensor(labels, { dtype: "int64" }) };
}
