import { expect, it } from "vitest";
import { euK, replace } from "../../../src/unlearn/eu-k.ts";
import { describeGolden } from "../../support/golden.ts";
import { tinyContext } from "../../support/tiny-unlearning.ts";

describeGolden("EU-k", () => {
  it("takes the last layers of a new network, their statistics included", () => {
    const { model, fresh } = tinyContext();
    using other = fresh();
    replace(model, other, ["conv3", "bn3", "fc"]);
    const [state, anew] = [model.stateDict(), other.stateDict()];
    for (const name of ["conv3.weight", "bn3.running_mean", "fc.bias"])
      expect(state.get(name)?.toArray(), name).toEqual(anew.get(name)?.toArray());
    expect(state.get("conv2.weight")?.toArray()).not.toEqual(anew.get("conv2.weight")?.toArray());
  });

  it("trains them as the original was trained, and nothing else", async () => {
    const context = tinyContext({ lr: 0.05, epochs: 2 });
    const before = context.model.namedParameters().get("conv2.weight")?.toArray();
    const head = context.model.namedParameters().get("fc.weight")?.toArray();
    await euK.run(context, { epochs: 2, lr: 0.05, layers: 1 });
    expect(context.model.namedParameters().get("conv2.weight")?.toArray()).toEqual(before);
    expect(context.model.namedParameters().get("fc.weight")?.toArray()).not.toEqual(head);
    expect(context.trainer.totals.epochs).toBe(2);
  });
});
