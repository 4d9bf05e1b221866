import { expect, it } from "vitest";
import { scope } from "../../../src/torch/index.ts";
import { msg, smallGradients } from "../../../src/unlearn/msg.ts";
import { describeGolden } from "../../support/golden.ts";
import { readGoldenState } from "../../support/tiny-net.ts";
import { maskAmong, tinyContext } from "../../support/tiny-unlearning.ts";

const convolutions = ["conv1.weight", "conv2.weight", "conv3.weight"];
const options = { epochs: 1, lr: 1e-12, momentum: 0, weightDecay: 0, share: 0.3, slow: 0 };

describeGolden("MSG", () => {
  it("draws anew the given share of the convolution weights, with Kaiming's deviation, and nothing else", async () => {
    const context = tinyContext();
    const before = new Map([...context.model.namedParameters()].map(([name, value]) => [name, value.toArray()]));
    await msg.run(context, options);
    let [changed, total] = [0, 0];
    for (const [name, value] of context.model.namedParameters()) {
      const [now, then] = [value.toArray(), before.get(name) ?? []];
      const moved = now.filter((weight, i) => Math.abs(weight - (then[i] ?? NaN)) > 1e-6);
      if (!convolutions.includes(name)) expect(moved, name).toEqual([]);
      else [changed, total] = [changed + moved.length, total + now.length];
      if (name !== "conv3.weight") continue;
      const deviation = Math.sqrt(moved.reduce((sum, weight) => sum + weight * weight, 0) / moved.length);
      expect(deviation / Math.sqrt(2 / (16 * 9))).toBeGreaterThan(0.85);
      expect(deviation / Math.sqrt(2 / (16 * 9))).toBeLessThan(1.15);
    }
    expect(changed).toBe(Math.floor(0.3 * total));
  });

  it("ranks living weights alone under a mask, and leaves the others at zero", async () => {
    const mask = maskAmong(readGoldenState("unlearn/FT_masked.f64.safetensors", "final/"));
    const drawn = await smallGradients(tinyContext({ mask }), 0.3);
    const count = [...drawn.values()].reduce((sum, where) => sum + where.sum().item(), 0);
    expect(count).toBe(Math.floor(0.3 * mask.nonzero));
    const context = tinyContext({ mask });
    await msg.run(context, { ...options, lr: 1e-3, slow: 0.1 });
    scope(() => {
      for (const [name, kept] of mask.toState()) {
        const where = drawn.get(name.replace(/_mask$/, ""));
        expect(where?.mul(kept.logicalNot()).sum().item(), name).toBe(0);
        const weight = context.model.namedParameters().get(name.replace(/_mask$/, ""));
        expect(weight?.detach().mul(kept.logicalNot()).abs().sum().item(), name).toBe(0);
      }
    });
  });
});
