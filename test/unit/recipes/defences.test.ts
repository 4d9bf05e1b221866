import { expect, it } from "vitest";
import { defences } from "../../../src/recipes/defences.ts";
import { methods } from "../../../src/unlearn/index.ts";

it("sets two methods that are told the suspects beside five that see clean held-out images alone", () => {
  const { ways, sparsities } = defences({ preset: "quick" });
  expect(sparsities).toEqual([0]);
  const readsTrainingImages = ways.map(({ method }) => {
    const { needs } = methods.find(({ name }) => name === method)!;
    return needs.retain || needs.forget;
  });
  expect(readsTrainingImages).toEqual([true, true, false, false, false, false, false]);
});

it("chooses options of all whose options are not found by themselves", () => {
  const { searches } = defences({ preset: "quick" });
  expect(searches.map(({ method }) => method)).toEqual(["finetune", "l1-sparse", "finetune-held-out", "clp", "i-bau"]);
});
