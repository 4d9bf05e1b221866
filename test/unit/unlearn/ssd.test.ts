/** Selective synaptic dampening against the golden importances and weights. */
import { describe, expect, it } from "vitest";
import type { BatchSource } from "../../../src/data/batches.ts";
import { concatenate } from "../../../src/unlearn/tools/sources.ts";
import { dampen, importanceOf, ssd } from "../../../src/unlearn/ssd.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { readGoldenState } from "../../support/tiny-net.ts";
import { expectState, expectTensors, tinyContext } from "../../support/tiny-unlearning.ts";
import {
  combined,
  expectMatrix,
  gradientOf,
  headOf,
  linearContext,
  type Matrix,
  rowsOf,
} from "../../support/linear-unlearning.ts";

const file = "extras/SSD.f64.safetensors";

type Kind = "batch" | "sample";
type Strength = "default" | "strong";
const fixture = readGoldenJson<
  { readonly [name in `${Kind}_${Strength}`]: { readonly alpha: number; readonly lam: number } } & {
    readonly n_forget_used: number;
    readonly recommended_tolerance: { readonly float64: number };
  }
>("extras/SSD.json");
const tolerance = fixture.recommended_tolerance.float64;

/** The fixture forgets the first images only. */
function forgotten(source: BatchSource): BatchSource {
  return { count: fixture.n_forget_used, take: (positions, augment) => source.take(positions, augment) };
}

describe("SSD", () => {
  it.each(["batch", "sample"] as const)("has the importances of the fixture: %s", async (kind) => {
    const context = tinyContext();
    const { retain, forget } = context;
    // All data of the fixture are the retained ones and the whole forget set.
    const all = await importanceOf(context, concatenate(retain, forget), kind, "all");
    expectTensors(all, readGoldenState(file, `${kind}/importance_full/`), tolerance);
    const part = await importanceOf(context, forgotten(forget), kind, "part");
    expectTensors(part, readGoldenState(file, `${kind}/importance_forget/`), tolerance);
  });

  it.each([
    ["batch", "default"],
    ["batch", "strong"],
    ["sample", "default"],
    ["sample", "strong"],
  ] as const)("ends where the fixture ends: %s, %s", async (importance, name) => {
    const { alpha, lam: lambda } = fixture[`${importance}_${name}`];
    const context = tinyContext();
    const { retain, forget, model } = context;
    // All data of the fixture are the retained ones and the whole forget set.
    const all = await importanceOf(context, concatenate(retain, forget), importance, "all");
    const part = await importanceOf(context, forgotten(forget), importance, "part");
    dampen(model.namedParameters(), all, part, { alpha, lambda });
    expectState(context.model, readGoldenState(file, `${importance}/${name}/final/`), tolerance);
  });

  it("takes both sets, and moves nothing where nothing stands out", async () => {
    const context = tinyContext();
    const before = new Map([...context.model.namedParameters()].map(([name, value]) => [name, value.detach().clone()]));
    await ssd.run(context, { alpha: 1e6, lambda: 1, importance: "sample" });
    expectState(context.model, before, 0);
    await ssd.run(context, { alpha: 1.2, lambda: 0.5, importance: "batch" });
    expect(() => expectState(context.model, before, 1e-3)).toThrow();
  });
});

describe("SSD of a linear classifier", () => {
  const squaresOf = (head: Matrix, { x, q }: { x: Matrix; q: Matrix }): Matrix => {
    const each = x.map((row, n) => gradientOf(head, { x: [row], q: [q[n] ?? []] }));
    return combined(...each.map((gradient) => [1 / x.length, gradient.map((row) => row.map((g) => g * g))] as const));
  };

  it("shrinks by the ratio of the mean squares of the images' gradients where that passes alpha", async () => {
    const context = linearContext();
    const { model, retain, forget } = context;
    const start = headOf(model);
    const [kept, gone] = [rowsOf(model, retain), rowsOf(model, forget)];
    const all = squaresOf(start, { x: [...kept.x, ...gone.x], q: [...kept.q, ...gone.q] });
    const part = squaresOf(start, gone);
    const [alpha, lambda] = [1.2, 0.9];
    let shrunk = 0;
    const expected = start.map((row, i) =>
      row.map((value, j) => {
        const [whole, own] = [all[i]?.[j] ?? NaN, part[i]?.[j] ?? NaN];
        if (own <= alpha * whole) return value;
        shrunk++;
        return value * Math.min((lambda * whole) / own, 1);
      }),
    );
    await ssd.run(context, { alpha, lambda, importance: "sample" });
    expect(shrunk).toBeGreaterThan(2);
    expect(shrunk).toBeLessThan(16);
    expectMatrix(headOf(model), expected);
  });
});
