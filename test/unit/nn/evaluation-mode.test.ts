import { expect, it } from "vitest";
import { evaluationMode, Identity, Sequential } from "../../../src/nn/index.ts";

function modes(model: Sequential): boolean[] {
  return [...model.namedModules().values()].map(({ training }) => training);
}

it.each([true, false])("holds for the block in every module, and then the mode is as before: training %s", (before) => {
  const model = new Sequential(new Identity(), new Identity()).train(before);
  {
    using _mode = evaluationMode(model);
    expect(modes(model)).toEqual([false, false, false]);
  }
  expect(modes(model)).toEqual([before, before, before]);
});

it("is over also where the block throws", () => {
  const model = new Sequential(new Identity());
  expect(() => {
    using _mode = evaluationMode(model);
    throw new Error("stopped");
  }).toThrow("stopped");
  expect(model.training).toBe(true);
});
