/** The loss of two teachers against its definition, and that each image has its own teacher. */
import { describe, expect, it } from "vitest";
import { softmax } from "../../../src/nn/index.ts";
import { Generator, randn, scope, tensor, type Tensor } from "../../../src/torch/index.ts";
import { badTeacher, twoTeachers } from "../../../src/unlearn/bad-teacher.ts";
import { expectState, tinyContext } from "../../support/tiny-unlearning.ts";

describe("two teachers", () => {
  const draw = (seed: number): Tensor => randn([3, 4], { generator: Generator.seeded(seed), dtype: "float64" });

  it("is the divergence from the teacher each image has", () => {
    scope(() => {
      const [student, fromGood, fromBad] = [draw(1), draw(2), draw(3)];
      const bad_N = tensor([1, 0, 1], { dtype: "int64" });
      const probabilities = (logits: Tensor): number[] => softmax(logits.div(2)).toArray();
      const [p, good, bad] = [probabilities(student), probabilities(fromGood), probabilities(fromBad)];
      let expected = 0;
      for (let i = 0; i < 12; i++) {
        const q = (i >= 4 && i < 8 ? good : bad)[i] ?? NaN;
        expected += (q * Math.log(q / (p[i] ?? NaN))) / 3;
      }
      expect(twoTeachers(student, { fromGood, fromBad, bad_N }, 2).item()).toBeCloseTo(expected, 12);
    });
  });

  it("is zero for a student who has learnt, also where a teacher is certain", () => {
    scope(() => {
      const certain = tensor([2000, 0, 0, 0], { shape: [1, 4], dtype: "float32" });
      const bad_N = tensor([0], { dtype: "int64" });
      expect(twoTeachers(certain, { fromGood: certain, fromBad: certain.neg(), bad_N }, 1).item()).toBe(0);
    });
  });
});

describe("bad teacher", () => {
  it("moves the forget images towards an untrained network, the others little", async () => {
    const context = tinyContext();
    const before = new Map([...context.model.namedParameters()].map(([name, value]) => [name, value.detach().clone()]));
    await badTeacher.run(context, { epochs: 2, lr: 1e-3, retainShare: 0.5, temperature: 1 });
    expect(() => expectState(context.model, before, 1e-3)).toThrow();
    expect(context.trainer.totals.images).toBe(2 * (64 + 64));
  });
});
