import { expect, it } from "vitest";
import { cfK } from "../../../src/unlearn/cf-k.ts";
import { describeGolden } from "../../support/golden.ts";
import { tinyContext } from "../../support/tiny-unlearning.ts";

describeGolden("CF-k", () => {
  it("moves the last layers alone", async () => {
    const { model, ...context } = tinyContext();
    const before = new Map([...model.namedParameters()].map(([name, value]) => [name, value.toArray()]));
    await cfK.run({ ...context, model }, { epochs: 1, lr: 0.01, momentum: 0.9, weightDecay: 5e-4, layers: 2 });
    for (const [name, value] of model.namedParameters()) {
      const moves = ["conv3.weight", "bn3.weight", "bn3.bias", "fc.weight", "fc.bias"].includes(name);
      if (moves) expect(value.toArray(), name).not.toEqual(before.get(name));
      else expect(value.toArray(), name).toEqual(before.get(name));
    }
  });
});
