import { expect, it } from "vitest";
import { softmax } from "../../../../src/nn/index.ts";
import { Generator, klDiv, randn, scope } from "../../../../src/torch/index.ts";
import { distillation } from "../../../../src/unlearn/tools/distillation.ts";

it("is T² times PyTorch's kl_div of the softened predictions, per image", () => {
  scope(() => {
    const [student, teacher] = [1, 2].map((seed) =>
      randn([5, 7], { generator: Generator.seeded(seed), dtype: "float64" }),
    );
    if (student === undefined || teacher === undefined) return expect.fail("no logits");
    const expected = klDiv(student.div(4).logSoftmax(1), softmax(teacher.div(4)), 2, false).item();
    expect(distillation(student, teacher, 4).item()).toBeCloseTo((expected * 16) / 5, 10);
    expect(distillation(student, student, 2).item()).toBeCloseTo(0, 12);
  });
});
