import { describe, expect, it } from "vitest";
import type { MethodContext, MethodResult } from "../../../src/unlearn/index.ts";
import { sisa } from "../../../src/unlearn/sisa.ts";
import { chains } from "../../../src/unlearn/tools/shards.ts";
import { select, concatenate } from "../../../src/unlearn/tools/sources.ts";
import { tensor } from "../../../src/torch/index.ts";
import { memoryStore } from "../../support/method-context.ts";
import { tinyContext } from "../../support/tiny-unlearning.ts";
import {
  combined,
  expectMatrix,
  freshSeed,
  gradientOf,
  headOf,
  linearContext,
  linearNet,
  rowsOf,
} from "../../support/linear-unlearning.ts";

const options = { epochs: 3, lr: 0.05, shards: 3, slices: 2, weights: "uniform" } as const;

/** The images of both parts are what was trained on; those at `forgotten` have to go. */
function contextOf(forgotten: readonly number[], slices = memoryStore()): MethodContext {
  const context = tinyContext();
  const all = concatenate(context.retain, context.forget);
  const retain = Array.from({ length: all.count }, (_, i) => i).filter((i) => !forgotten.includes(i));
  return {
    ...context,
    retain: select(all, tensor(BigInt64Array.from(retain, BigInt))),
    original: { ...context.original, slices, imageIndices: { retain, forget: forgotten } },
  };
}

const statesOf = ({ ensemble }: MethodResult): number[][] =>
  (ensemble ?? []).map(({ state }) => [...state.values()].flatMap((value) => value.toArray()));

describe("SISA", () => {
  it("gives bit for bit what training without the forgotten images gives, and trains less for it", async () => {
    const store = memoryStore();
    const first = contextOf([], store);
    const original = statesOf(await sisa.run(first, options));
    const epochs = first.trainer.totals.epochs;
    expect(epochs).toBe(3 * 4); // ē = 2 · 3 / 3: two epochs a slice
    const target = chains(first.original, options)[1]?.[1]?.images.at(-1) ?? -1; // in the last slice of the second shard
    const deletion = contextOf([target], store);
    const after = statesOf(await sisa.run(deletion, options));
    expect(deletion.trainer.totals.epochs).toBeLessThanOrEqual(4);
    const scratch = contextOf([target]);
    expect(after).toEqual(statesOf(await sisa.run(scratch, options)));
    expect(scratch.trainer.totals.epochs).toBe(epochs);
    expect(after.map((state, s) => state.join() === original[s]?.join())).toEqual([true, false, true]);
  });

  it("weighs the networks alike, or by their images", async () => {
    const { retain } = contextOf([]).original.imageIndices;
    const forgotten = (chains(contextOf([]).original, options)[0] ?? []).flatMap(({ images }) => images).slice(0, 20);
    const run = async (weights: "uniform" | "proportional"): Promise<number[]> => {
      const { ensemble } = await sisa.run(contextOf(forgotten), { ...options, epochs: 1, weights });
      return (ensemble ?? []).map(({ weight }) => weight);
    };
    expect(await run("uniform")).toEqual([1, 1, 1]);
    const sizes = await run("proportional");
    expect(sizes.reduce((a, b) => a + b)).toBe(retain.length - new Set(forgotten).size);
    expect(sizes[0]).toBeLessThan(sizes[1] ?? 0);
  });
});

describe("SISA's caution", () => {
  it("says that many forgotten images leave little to save", () => {
    const many = { wholeClasses: false, share: 0.1, count: 100, masked: [], layers: 20 };
    expect(sisa.caution?.(many, options as never)).toMatch(/100 of them lie in about 3 of 3 shards/);
    expect(sisa.caution?.({ ...many, count: 1 }, options as never)).toBeUndefined();
  });
});

describe("SISA of a linear classifier", () => {
  it("is training from scratch on the retained data where there is one shard of one slice", async () => {
    const context = linearContext();
    const { model, retain, original } = context;
    const { recipe } = original;
    const [data, start] = [rowsOf(model, retain), headOf(linearNet("linear", freshSeed))];
    const whole = { epochs: 1, lr: recipe.lr, shards: 1, slices: 1, weights: "uniform" } as const;
    const { ensemble } = await sisa.run(context, whole);
    const [only, ...others] = ensemble ?? [];
    expect(others).toEqual([]);
    const found = linearNet();
    found.loadStateDict(only?.state ?? new Map());
    const gradient = combined([1, gradientOf(start, data)], [recipe.weightDecay, start]);
    expectMatrix(headOf(found), combined([1, start], [-recipe.lr, gradient]));
  });
});
