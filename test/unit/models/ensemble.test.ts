import { describe, expect, it } from "vitest";
import { createModel, Ensemble } from "../../../src/models/index.ts";
import { Generator, noGrad, rand, scope } from "../../../src/torch/index.ts";

const spec = { arch: "resnet20s", numClasses: 4, members: 3, normalize: { mean: [0, 0, 0], std: [1, 1, 1] } };

describe("an ensemble", () => {
  it("gives the logarithm of the weighed mean of its networks' predictions", () => {
    scope(() => {
      const model = createModel(spec, Generator.seeded(1)).to("float64").eval() as Ensemble;
      expect(model).toBeInstanceOf(Ensemble);
      const images = rand([2, 3, 8, 8], { generator: Generator.seeded(2) }).to("float64");
      for (const shares of [
        [1, 1, 1],
        [1, 2, 5],
      ]) {
        model.weigh(shares);
        const total = shares.reduce((a, b) => a + b);
        const each = model.members.map((member, s) =>
          member
            .call(images)
            .softmax(1)
            .mul((shares[s] ?? 0) / total),
        );
        const mean = each.reduce((sum, part) => sum.add(part));
        noGrad(() => {
          expect(model.call(images).exp().sub(mean).abs().amax().item()).toBeLessThan(1e-7);
          expect(model.call(images).exp().sumDim(1).sub(1).abs().amax().item()).toBeLessThan(1e-7);
        });
      }
    });
  });

  it("has separate networks, by name", () => {
    const names = [...createModel(spec, Generator.seeded(1)).namedParameters().keys()];
    expect(new Set(names.map((name) => name.split(".")[0]))).toEqual(new Set(["member0", "member1", "member2"]));
    expect(createModel({ ...spec, members: 1 }, Generator.seeded(1))).not.toBeInstanceOf(Ensemble);
    expect(() => createModel({ ...spec, members: 0 }, Generator.seeded(1))).toThrow("resnet20s.members");
  });
});
