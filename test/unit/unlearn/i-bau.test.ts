import { describe, expect, it } from "vitest";
import { full, Generator, scope } from "../../../src/torch/index.ts";
import { Trainer } from "../../../src/train/index.ts";
import { iBau, implicitHypergradient } from "../../../src/unlearn/i-bau.ts";
import type { MethodContext, StateStore } from "../../../src/unlearn/index.ts";
import { flatNet, imagesAround } from "../../support/flat-net.ts";
import { memoryStore } from "../../support/method-context.ts";

describe("the implicit gradient", () => {
  it("is the series of a quadratic inner problem, term by term", () => {
    // h = 3 p² / 2 - 2 θ p: Φ = p - 0.1 (3 p - 2 θ), ∂Φ/∂p = 0.7, ∂Φ/∂θ = 0.2.
    const [perturbation, theta] = [full([1], 1), full([1], 5)];
    perturbation.requiresGrad = true;
    theta.requiresGrad = true;
    perturbation.grad = full([1], 4); // ∂L/∂p
    const inner = (): ReturnType<typeof full> =>
      perturbation.square().mul(1.5).sub(theta.mul(perturbation).mul(2)).sum();
    for (const terms of [1, 2, 5]) {
      const [gradient] = scope(
        () => implicitHypergradient(inner, { perturbation, parameters: [theta], terms })[0]?.toArray() ?? [],
      );
      const series = Array.from({ length: terms }, (_, k) => 0.7 ** k).reduce((sum, term) => sum + term, 0);
      expect(gradient).toBeCloseTo(0.2 * 4 * series, 5);
    }
  });
});

describe("I-BAU", () => {
  // Pixel 0 tells the classes apart, pixel 3 is a shortcut that clean images never take.
  const rows = Array.from({ length: 20 }, (_, i) => [i % 2 === 0 ? -1 : 1, 0, 0, 0]);
  const clean = imagesAround(
    rows,
    0.1,
    rows.map((_, i) => i % 2),
  );

  async function cleansed(snapshots: StateStore): Promise<number[]> {
    const model = flatNet([1, 0, 0, 8]);
    const generators = { order: Generator.seeded(1), augment: Generator.seeded(1) };
    const trainer = new Trainer({ model, generators, batchSize: 5, augment: false });
    await iBau.run({ model, trainer, validation: clean, snapshots } as unknown as MethodContext, {
      rounds: 3,
      terms: 5,
      lr: 0.2,
    });
    return model.namedParameters().get("fc.weight")?.toArray() ?? [];
  }

  it("weakens the shortcut and keeps what clean images need", async () => {
    const weight = await cleansed(memoryStore());
    const [use, shortcut] = [0, 3].map((pixel) => (weight[4 + pixel] ?? NaN) - (weight[pixel] ?? NaN));
    expect(shortcut).toBeLessThan(7);
    expect(use).toBeGreaterThan(0.5);
  });

  it("takes perturbations that an interrupted run has left", async () => {
    const store = memoryStore();
    const first = await cleansed(store);
    expect(store.has("pattern-0") && store.has("pattern-2")).toBe(true);
    expect(await cleansed(store)).toEqual(first);
  });
});
