import { expect, it } from "vitest";
import { native } from "../../../src/torch/binding.ts";
import { ones, Tensor } from "../../../src/torch/index.ts";
import { wrap, wrapAll } from "../../../src/torch/wrap.ts";

it("makes tensors of handles", () => {
  const handleOf = (count: number): number => native.share(ones([count]).id);
  const wrapped = wrap(handleOf(2));
  expect(wrapped).toBeInstanceOf(Tensor);
  expect(wrapped.shape).toEqual([2]);
  expect(wrapAll([handleOf(2), handleOf(3)]).map(({ shape }) => shape)).toEqual([[2], [3]]);
});

it("refuses what is no handle", () => {
  for (const value of [undefined, null, "1"]) expect(() => wrap(value)).toThrow("an operator returned no tensor");
  expect(() => wrapAll(1)).toThrow("an operator returned no list of tensors");
});
