import { expect, it } from "vitest";
import { theoryCommand, theorySpec } from "../../../../src/cli/commands/theory.ts";
import { quickTheory } from "../../../../src/recipes/index.ts";
import { optionsFrom } from "../../../support/command-line.ts";

const specOf = (...args: string[]): ReturnType<typeof theorySpec> =>
  theorySpec(optionsFrom(theoryCommand(), "--out", "x", ...args));

it("is the recipe, with as many images, epochs and seeds as are given", () => {
  const { train, ...recipe } = quickTheory(2);
  expect(specOf("--seeds", "2")).toEqual({
    ...recipe,
    train: { ...train, data: { ...train.data, allowUnverified: false } },
  });
  const changed = specOf("--num-train", "50", "--epochs", "3", "--data-folder", "d", "--allow-unverified").train;
  expect(changed.data).toMatchObject({ numTrain: 50, folder: "d", allowUnverified: true });
  expect(changed.recipe).toEqual({ ...train.recipe, epochs: 3 });
});
