import { describe, expect, it } from "vitest";
import {
  defineMethod,
  l1Sparse,
  type Method,
  methodNamed,
  methodRegistry,
  methods,
  readsTrainingImages,
  resolveOptions,
  smallestSetOf,
} from "../../../src/unlearn/index.ts";
import { sisa } from "../../../src/unlearn/sisa.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const definition = {
  name: "decay",
  title: "Decay",
  description: "shrinks all weights",
  source: "a test",
  cost: "nothing",
  needs: { retain: false, forget: false, start: "original" },
  options: { rate: { type: "number", default: 0.1, min: 0, max: 1, description: "share taken off", source: "a test" } },
  run: async () => ({}),
} as const;

describe("a method", () => {
  it("is called with its options, and is found by its fields", () => {
    const choice = l1Sparse({ gamma: 1e-3, solver: "proximal" });
    expect(choice.method).toBe(l1Sparse);
    expect(choice.options).toEqual({ gamma: 1e-3, solver: "proximal" });
    expect(l1Sparse().options).toEqual({});
    expect([l1Sparse.name, l1Sparse.title]).toEqual(["l1-sparse", "l1-sparse"]);
    expect(methodNamed("l1-sparse")).toBe(l1Sparse);
    expect(resolveOptions(l1Sparse.name, l1Sparse.options, choice.options)).toMatchObject({ gamma: 1e-3, epochs: 10 });
  });

  it("knows its own options when it is compiled", () => {
    // @ts-expect-error no such option
    expect(l1Sparse({ gama: 1 }).options).toEqual({ gama: 1 });
    // @ts-expect-error a number
    expect(l1Sparse({ gamma: "1" }).options).toEqual({ gamma: "1" });
    // @ts-expect-error one of two words
    expect(sisa({ weights: "equal" }).options).toEqual({ weights: "equal" });
    // @ts-expect-error an option without a description
    expect(defineMethod<{ rate: number; twice: number }>(definition).name).toBe("decay");
  });

  it("reads records where it is given those to forget, or those without them", () => {
    const needs = (retain: boolean, forget: boolean) => ({ needs: { retain, forget, start: "original" } as const });
    expect([needs(true, false), needs(false, true), needs(false, false)].map(readsTrainingImages)).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe("an own method", () => {
  it("is taken wherever a name is, and then found by its name", () => {
    const decay = defineMethod<{ rate: number }>(definition);
    expect(decay({ rate: 0.5 })).toEqual({ method: decay, options: { rate: 0.5 } });
    expect(methodRegistry.resolve(decay)).toBe(decay);
    expect(methodNamed("decay")).toBe(decay);
    expect(methods.at(-1)).toBe(decay);
  });

  const rate = definition.options.rate;
  it.each<[object, string]>([
    [{ run: undefined }, "method decay: expected the field run to be a function, got none"],
    [{ needs: undefined }, "method decay: expected the field needs to be an object, got none"],
    [{ title: undefined }, "method decay: expected the field title to be a text, got none"],
    [{ name: undefined }, "method: expected the field name to be a text, got none"],
    [
      { needs: { retain: true, forget: true } },
      'method decay: needs.start: expected one of original, fresh, member, got "undefined"',
    ],
    [{ options: { rate: { ...rate, default: 2 } } }, "method decay option rate: default: expected a number >= 0 and"],
    [{ options: { rate: { ...rate, type: "text" } } }, "method decay option rate: type: expected one of number,"],
    [{ options: { rate: { ...rate, source: undefined } } }, "method decay option rate: expected the field source"],
  ])("is refused with %o", (change, message) => {
    const error = thrownBy(() => defineMethod({ ...definition, ...change } as unknown as Method));
    expect(error.code).toBe("E_ARG");
    expect(error.message).toContain(message);
  });
});

describe("the smallest set that a method trains on by itself", () => {
  const sets = { retain: 30, forget: 1, validation: 5, sharding: null };
  const smallest = (name: string, options: Record<string, number | string> = {}): number => {
    const method = methodNamed(name);
    const original = { epochs: 2, lr: 0.1, shards: 5, slices: 1 };
    return smallestSetOf(method, sets, resolveOptions(name, method.options, options, original));
  };

  it("is the smallest that it reads, unless it says otherwise", () => {
    expect([smallest("gradient-ascent"), smallest("finetune"), smallest("fine-pruning")]).toEqual([1, 30, 5]);
    expect([smallest("random-label"), smallest("random-label", { order: "mixed" })]).toEqual([1, 31]);
    expect([smallest("scrub"), smallest("scrub", { maxEpochs: 0 })]).toEqual([1, 30]);
    expect([smallest("msg"), smallest("bad-teacher"), smallest("sisa")]).toEqual([30, 2, 5]);
  });

  it("is none of a method that does not train", () => {
    expect(["influence", "fisher", "ssd", "clp"].map((name) => smallest(name))).toEqual(Array(4).fill(Infinity));
  });

  it("is a slice where Retrain trains an ensemble again", () => {
    const { options } = methodNamed("retrain");
    const all = resolveOptions("retrain", options, {}, { epochs: 2, lr: 0.1 });
    const ensemble = { ...sets, sharding: { shards: 5, slices: 2 } };
    expect(smallestSetOf(methodNamed("retrain"), ensemble, all)).toBe(2);
  });
});
