import { expect, it } from "vitest";
import { attackShare, isPlanted, modelName } from "../../../src/findings/backdoor-limits.ts";
import { cellOf } from "./made-up-cells.ts";

it("a backdoor is planted where the attack works with every seed", () => {
  expect(isPlanted(cellOf({ before: [0.96, 0.97], after: [0, 0] }))).toBe(true);
  expect(isPlanted(cellOf({ before: [0.96, 0.95], after: [0, 0] }))).toBe(false);
});

it.each([
  [0.95, "95 %"],
  [0.9499, "94.99 %"],
  [0.1996, "19.96 %"],
  [0.2, "20 %"],
  [0.123, "12.3 %"],
])("an attack success of %d is written %s, so that it does not read as a limit that it is not", (value, text) => {
  expect(attackShare(value)).toBe(text);
});

it("names models by their sparsity", () => {
  expect([modelName(0), modelName(0.9)]).toEqual(["dense", "sparsity 0.9"]);
});
