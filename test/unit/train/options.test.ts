import { expect, it } from "vitest";
import { tensor, zeros } from "../../../src/torch/index.ts";
import { defaultLoss } from "../../../src/train/options.ts";

it("the default loss is the mean cross-entropy of the batch", () => {
  const logits_NK = tensor([0, Math.log(3), 2, 2], { dtype: "float64" }).view([2, 2]);
  const labels_N = tensor([0, 1], { dtype: "int64" });
  const context = { images_NCHW: zeros([2, 1, 1, 1]), logits_NK, labels_N, epoch: 0, step: 0 };
  // softmax of the first is 1/4 and 3/4, of the second 1/2 and 1/2
  expect(defaultLoss(context).item()).toBeCloseTo((Math.log(4) + Math.log(2)) / 2, 12);
});
