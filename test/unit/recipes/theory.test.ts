import { expect, it } from "vitest";
import { quickTheory } from "../../../src/recipes/theory.ts";

it("has the setting of the proposition: no weight decay, a constant rate, three optimisers over sparsity", () => {
  const { train, optimizers, sparsities, seeds, ascent } = quickTheory(3);
  expect(train.recipe).toMatchObject({ weightDecay: 0, schedule: "constant", milestones: [] });
  expect(train.rewindEpoch).toBe(0);
  expect(optimizers.map(({ name }) => name)).toEqual(["SGD", "momentum", "Adam"]);
  expect(sparsities).toEqual([0, 0.5, 0.75, 0.9, 0.95, 0.99]);
  expect(seeds).toEqual([1, 2, 3]);
  expect(ascent.epochs).toBe(1);
});
