import { describe, expect, it } from "vitest";
import { arange, noGrad, scope, type Tensor, tensor } from "../../../src/torch/index.ts";
import { msg, smallGradients } from "../../../src/unlearn/msg.ts";
import { readGoldenState } from "../../support/tiny-net.ts";
import { maskAmong, tinyContext } from "../../support/tiny-unlearning.ts";
import { linearContext, linearNet } from "../../support/linear-unlearning.ts";
import type { BatchSource } from "../../../src/data/batches.ts";
import { crossEntropy } from "../../../src/nn/index.ts";
import { takeFirst } from "../../../src/unlearn/tools/sources.ts";

const convolutions = ["conv1.weight", "conv2.weight", "conv3.weight"];
const options = { epochs: 1, lr: 1e-12, momentum: 0, weightDecay: 0, share: 0.3, slow: 0 };

describe("MSG", () => {
  it("initialises the given share of the convolution weights, with Kaiming's deviation, and nothing else", async () => {
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

describe("MSG of a network that is linear", () => {
  it("chooses the kernels' weights along which CE(R) - CE(D_f) changes least, by differences of the loss itself", async () => {
    const context = linearContext({ kind: "convolution" });
    // As many retained images as forget images: then R is all of them, however they are drawn.
    const retain = takeFirst(context.retain, context.forget.count);
    const chosen = (await smallGradients({ ...context, retain }, 0.2)).get("conv.weight")?.toArray() ?? [];
    expect(chosen.reduce((sum, value) => sum + value, 0)).toBe(9);
    const net = linearNet("convolution");
    const weight = net.namedParameters().get("conv.weight") as Tensor;
    const loss = (source: BatchSource): number =>
      noGrad(() =>
        scope(() => {
          const { images, labels } = source.take(arange(0, source.count, 1, { dtype: "int64" }), null);
          return crossEntropy(net.call(images), labels).item();
        }),
      );
    const values = weight.toArray();
    const at = (i: number, value: number): number => {
      const changed = values.with(i, value);
      noGrad(() => weight.copy_(tensor(changed, { shape: [...weight.shape], dtype: "float64" })));
      return loss(retain) - loss(context.forget);
    };
    const step = 1e-5;
    const sizes = values.map((value, i) => Math.abs(at(i, value + step) - at(i, value - step)) / (2 * step));
    const limit = sizes.toSorted((a, b) => a - b)[8] ?? NaN;
    expect(chosen.map(Boolean)).toEqual(sizes.map((size) => size <= limit));
  });

  it("then trains the others at the share of the rate that is asked for", async () => {
    const [slow, whole] = [linearContext({ kind: "convolution" }), linearContext({ kind: "convolution" })];
    const how = { epochs: 1, lr: 0.1, momentum: 0, weightDecay: 0, share: 0.2 };
    const before = slow.model.namedParameters().get("fc.weight")?.toArray() ?? [];
    await msg.run(slow, { ...how, slow: 0.25 });
    await msg.run(whole, { ...how, slow: 1 });
    const moves = ({ model }: typeof slow): number[] =>
      (model.namedParameters().get("fc.weight")?.toArray() ?? []).map((value, i) => value - (before[i] ?? NaN));
    const full = moves(whole);
    moves(slow).forEach((move, i) => expect(move).toBeCloseTo(0.25 * (full[i] ?? NaN), 12));
  });
});
