/** Checks of what a model said of a set of images. */
import { scope } from "../torch/index.ts";
import type { Prediction } from "../train/index.ts";
import { CoppiceError } from "../util/errors.ts";

/**
 * Refuses predictions no metric can be computed from.
 *
 * @throws CoppiceError E_SHAPE unless logits are [N, K] and labels [N]; E_ARG for no images, labels that are not classes, or
 *   logits that are not finite
 */
export function checkPrediction(where: string, { logits, labels }: Prediction): void {
  const [count, numClasses = 0] = logits.shape;
  if (logits.dim() !== 2 || labels.dim() !== 1 || labels.numel !== count) {
    const got = `[${logits.shape.join(", ")}] and [${labels.shape.join(", ")}]`;
    throw new CoppiceError("E_SHAPE", `${where}: expected logits [N, K] and labels [N], got ${got}`);
  }
  if (count === 0) throw new CoppiceError("E_ARG", `${where}: expected at least one image, got none`);
  scope(() => {
    const [lowest, highest] = [labels.min().item(), labels.max().item()];
    if (lowest < 0 || highest >= numClasses) {
      throw new CoppiceError("E_ARG", `${where}: expected labels 0 to ${numClasses - 1}, got ${lowest} to ${highest}`);
    }
    const broken = logits.isfinite().logicalNot().sum().item();
    if (broken > 0) {
      throw new CoppiceError("E_ARG", `${where}: expected finite logits, got ${broken} that are NaN or infinite`, {
        hint: "the model has diverged: try a smaller learning rate",
      });
    }
  });
}

/** The first `count` images of a prediction, on the same memory. */
export function firstOf({ logits, labels }: Prediction, count: number): Prediction {
  return { logits: logits.narrow(0, 0, count), labels: labels.narrow(0, 0, count) };
}
