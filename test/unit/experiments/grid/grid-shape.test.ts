import fc from "fast-check";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Experiment } from "../../../../src/experiments/index.ts";
import { CoppiceError } from "../../../../src/util/errors.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
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

  it("is refused where something is no plain data, wherever the schema does not look", () => {
    const circular: Record<string, unknown> = {};
    circular["again"] = circular;
    for (const odd of [NaN, Infinity, 10n, Symbol("x"), () => 1, circular]) {
      const grid = tinyGrid();
      const data = { ...grid.train.data, numTest: odd };
      expect(() => checkGridShape({ ...grid, train: { ...grid.train, data } }, "mine.mjs")).toThrow(
        /^mine\.mjs: .*train\.data\.numTest(\.again)*: expected plain data, got /,
      );
    }
  });

  /** Every place in a value, as the way to it. */
  function placesIn(value: unknown): string[][] {
    if (typeof value !== "object" || value === null) return [[]];
    return [[], ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner).map((way) => [key, ...way]))];
  }

  function withChange(value: unknown, [key, ...way]: readonly string[], change: unknown): unknown {
    if (key === undefined) return change;
    const copy: Record<string, unknown> = { ...(value as object) };
    copy[key] = withChange(copy[key], way, change);
    return Array.isArray(value) ? Object.values(copy) : copy;
  }

  it("becomes jobs or a sentence, whatever stands in one of its places", () => {
    const odd = fc.constantFrom(undefined, NaN, Infinity, -1, 1e9, "", "constructor", 10n, () => 1, Symbol("x"));
    const store = join(temporaryFolder(), "jobs");
    fc.assert(
      fc.property(fc.constantFrom(...placesIn(tinyGrid())), fc.oneof(fc.jsonValue(), odd), (place, change) => {
        try {
          const { jobs } = new Experiment(checkGridShape(withChange(tinyGrid(), place, change), "mine.mjs"), { store });
          expect(jobs).toBeInstanceOf(Array);
        } catch (error) {
          expect(error).toBeInstanceOf(CoppiceError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
