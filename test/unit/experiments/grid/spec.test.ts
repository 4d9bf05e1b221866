import { describe, expect, it } from "vitest";
import { checkGrid, labelOf, trainingOf } from "../../../../src/experiments/grid/spec.ts";
import { tinyGrid } from "./tiny-grid.ts";

describe("a row", () => {
  it("is named by its label, else by its method's title, else by the method's name", () => {
    expect(labelOf({ method: "finetune", options: {}, label: "FT, long" })).toBe("FT, long");
    expect(labelOf({ method: "finetune", options: {} })).not.toBe("finetune");
    expect(labelOf({ method: "mine", options: {} })).toBe("mine");
  });
});

describe("the training of a model", () => {
  const grid = tinyGrid();

  it("is the grid's where the model says nothing", () => {
    expect(trainingOf(grid, grid.models[0]!)).toEqual(grid.train);
  });

  it("takes from the model what it says", () => {
    const data = { name: "cifar10", allowUnverified: false };
    const sharding = { shards: 2, slices: 1 };
    const model = {
      id: "m",
      label: "m",
      data,
      arch: "resnet18",
      stem: "imagenet",
      recipe: { epochs: 9 },
      sharding,
    } as const;
    const { train } = grid;
    expect(trainingOf(grid, model)).toEqual({
      ...train,
      data,
      arch: "resnet18",
      stem: "imagenet",
      recipe: { ...train.recipe, epochs: 9 },
      sharding,
    });
  });
});

describe("a grid that does not hold together", () => {
  it("is refused by its name, with what was expected and what came", () => {
    expect(() => checkGrid(tinyGrid({ models: [] }))).toThrow("tiny: expected models, got none");
    const [dense] = tinyGrid().models;
    expect(() => checkGrid(tinyGrid({ models: [dense!, dense!] }))).toThrow(
      "models: expected different ones, got dense twice",
    );
    const side = { label: "FT", model: "omp9" };
    const tests = [{ score: "UA", first: side, second: { ...side, model: "gone" } }] as const;
    expect(() => checkGrid(tinyGrid({ tests }))).toThrow("test: model: expected one of dense, omp9, got gone");
  });

  it("may have no rows: originals and Retrain alone", () => {
    expect(() => checkGrid(tinyGrid({ rows: [] }))).not.toThrow();
  });
});
