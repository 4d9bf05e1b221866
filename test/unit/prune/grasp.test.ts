/** Scores of a linear classifier against finite differences of its gradient. */
import { expect, it } from "vitest";
import { grasp, graspAsPublished } from "../../../src/prune/grasp.ts";
import { scope } from "../../../src/torch/index.ts";
import { combined, headOf, linearContext, type Matrix, gradientOf, rowsOf } from "../../support/linear-unlearning.ts";
import { prunerContext } from "../../support/pruner-context.ts";

const temperature = 200;
const { model, retain } = linearContext();
const [head, data] = [headOf(model), rowsOf(model, retain)];

/** Of CE(z / T): as of another classifier with weights divided by T, and the chain rule. */
function gradientAt(at: Matrix): Matrix {
  const scaled = combined([1 / temperature, at]);
  return combined([1 / temperature, gradientOf(scaled, data)]);
}

/** H g by central differences along g. */
function curvature(): Matrix {
  const gradient = gradientAt(head);
  const step = 1e3; // the gradient is of the order of 1e-3, a step of the weights of 1
  const [above, below] = [step, -step].map((size) => gradientAt(combined([1, head], [size, gradient]))) as [
    Matrix,
    Matrix,
  ];
  return combined([0.5 / step, above], [-0.5 / step, below]);
}

it("scores w · H g with its sign, and as published without", () => {
  const product = curvature();
  const expected = head.flatMap((row, k) => row.slice(0, -1).map((w, i) => w * (product[k]?.[i] ?? NaN)));
  const largest = Math.max(...expected.map(Math.abs));
  expect(expected.some((value) => value < 0) && expected.some((value) => value > 0)).toBe(true);
  scope(() => {
    const context = prunerContext(model, retain);
    const signed = grasp.score(context).get("fc.weight")?.toArray() ?? [];
    const sizes = graspAsPublished.score(context).get("fc.weight")?.toArray() ?? [];
    expected.forEach((value, i) => {
      expect((signed[i] ?? NaN) / largest).toBeCloseTo(value / largest, 4);
      expect(sizes[i]).toBe(Math.abs(signed[i] ?? NaN));
    });
  });
});
