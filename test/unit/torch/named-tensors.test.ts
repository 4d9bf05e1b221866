import { expect, it } from "vitest";
import {
  copyAll,
  disposeAll,
  firstNotFinite,
  liveTensors,
  scope,
  tensor,
  tensorsHash,
} from "../../../src/torch/index.ts";

it("copies keep their values, names and order, whatever becomes of the originals", () => {
  scope(() => {
    const given = new Map([
      ["b", tensor([1, 2])],
      ["a", tensor([3])],
    ]);
    const copies = copyAll(given);
    for (const value of given.values()) value.zero_();
    expect([...copies].map(([name, value]) => [name, value.toArray()])).toEqual([
      ["b", [1, 2]],
      ["a", [3]],
    ]);
    disposeAll(copies);
  });
});

it("copies outlive their scope, and are gone when they are disposed of", () => {
  const before = liveTensors();
  const copies = scope(() => copyAll(new Map([["a", tensor([1])]])));
  expect(liveTensors()).toBe(before + 1);
  disposeAll(copies);
  expect(liveTensors()).toBe(before);
});

it("copies record no gradient", () => {
  scope(() => {
    const weight = tensor([1]);
    weight.requiresGrad = true;
    const copies = copyAll(new Map([["weight", weight]]));
    expect(copies.get("weight")?.requiresGrad).toBe(false);
    disposeAll(copies);
  });
});

it("have a hash of a text and of names, types, shapes and values", () => {
  scope(() => {
    const of = (text: string, ...tensors: [string, ReturnType<typeof tensor>][]): string =>
      tensorsHash(text, new Map(tensors));
    const hash = of("a", ["w", tensor([1, 2])]);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(of("a", ["w", tensor([1, 2])])).toBe(hash);
    const others = [
      of("b", ["w", tensor([1, 2])]),
      of("a", ["v", tensor([1, 2])]),
      of("a", ["w", tensor([1, 3])]),
      of("a", ["w", tensor([1, 2]).reshape([2, 1])]),
      of("a", ["w", tensor([1, 2]).to("float64")]),
    ];
    expect(new Set([hash, ...others]).size).toBe(6);
  });
});

it("names the first tensor with an entry that is not finite, whatever the dtype, and keeps nothing", () => {
  scope(() => {
    const fine = tensor([1, 2]);
    const counter = tensor(BigInt64Array.of(3n));
    const bad = tensor([0, NaN], { shape: [2, 1] });
    const infinite = tensor([-Infinity], { dtype: "float64" });
    const live = liveTensors();
    const of = (...entries: [string, typeof fine][]): string | null => firstNotFinite(new Map(entries));
    expect(of(["a", fine], ["n", counter])).toBeNull();
    expect(of(["a", fine], ["b", bad], ["c", infinite])).toBe("b");
    expect(of(["c", infinite])).toBe("c");
    expect(liveTensors()).toBe(live);
  });
});
