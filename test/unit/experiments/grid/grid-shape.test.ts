import { describe, expect, it } from "vitest";
import { checkGridShape } from "../../../../src/experiments/grid/grid-shape.ts";
import { recipeNamed, recipeNames } from "../../../../src/recipes/index.ts";
import { tinyGrid } from "./tiny-grid.ts";

describe("a grid from a file", () => {
  it.each(recipeNames)("may be what the recipe %s returns, after a way through JSON", (name) => {
    const spec = recipeNamed(name)({ preset: "quick" });
    expect(checkGridShape(JSON.parse(JSON.stringify(spec)), "mine.mjs")).toEqual(JSON.parse(JSON.stringify(spec)));
  });

  it("is refused where parts are missing or of another kind, by name", () => {
    expect(() => checkGridShape(undefined, "mine.mjs")).toThrow(
      "mine.mjs: expected its recipe to return a grid, got the whole: ",
    );
    const { rows: _, ...rest } = tinyGrid();
    expect(() => checkGridShape(rest, "mine.mjs")).toThrow(/^mine\.mjs: .*rows: /);
    expect(() => checkGridShape({ ...tinyGrid(), seeds: ["one"] }, "mine.mjs")).toThrow(/seeds\.0: /);
    expect(() => checkGridShape({ ...tinyGrid(), findings: ["fine"] }, "mine.mjs")).toThrow(/findings\.0: /);
    expect(() => checkGridShape({}, "mine.mjs")).toThrow(/and \d+ more$/);
  });
});
