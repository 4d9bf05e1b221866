import { expect, it } from "vitest";
import { Identity } from "../../../src/nn/index.ts";
import { scope, tensor } from "../../../src/torch/index.ts";

it("returns its very input, still usable after the call's scope", () => {
  scope(() => {
    const input = tensor([1, 2]);
    const output = new Identity().call(input);
    expect(output).toBe(input);
    expect(output.toArray()).toEqual([1, 2]);
  });
});
