import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gridOf, recipeNames } from "../../../src/cli/recipe-file.ts";
import { CoppiceError } from "../../../src/util/errors.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { tinyGrid } from "../experiments/grid/tiny-grid.ts";

const options = { preset: "quick" } as const;

/** The error that a file of this text gives. */
async function refusalOf(text: string): Promise<CoppiceError> {
  const file = join(temporaryFolder(), "recipe.mjs");
  writeFileSync(file, text);
  try {
    await gridOf(file, options);
  } catch (error) {
    if (error instanceof CoppiceError) return error;
    throw error;
  }
  throw new TypeError("expected a CoppiceError, got none");
}

describe("a recipe", () => {
  it("is found by name", async () => {
    expect(recipeNames).toContain("table1");
    expect(recipeNames).toContain("figure6");
    expect((await gridOf("table1", { ...options, seeds: 2 })).seeds).toEqual([1, 2]);
    await expect(gridOf("tabel1", options)).rejects.toThrow(/recipe: expected .*table1/);
  });

  it("goes before a folder of its name", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "table1"));
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect((await gridOf("table1", options)).name).toBe("table1");
    } finally {
      process.chdir(before);
    }
  });

  it("is read from a file, and given preset and seeds", async () => {
    const file = join(temporaryFolder(), "recipe.mjs");
    const grid = JSON.stringify(tinyGrid());
    writeFileSync(
      file,
      `export const recipe = async ({ preset, seeds }) => ({ ...${grid}, preset, seeds: [seeds] });\n`,
    );
    expect(await gridOf(file, { ...options, seeds: 7 })).toEqual({ ...tinyGrid(), seeds: [7] });
  });

  it.each([
    ["export const recipes = 1;", /expected an exported function `recipe`, got undefined/],
    ["export const recipe = ;", /expected a module that runs, got: /],
    [
      "export const recipe = () => { throw new RangeError('no'); };",
      /a recipe that returns a grid, got RangeError: no/,
    ],
    ["export const recipe = () => ({ name: 1 });", /recipe\.mjs/],
  ])("is refused in a file of %s", async (text, message) => {
    const error = await refusalOf(text);
    expect(error.message).toMatch(message);
    expect(["E_ARG", "E_CONFIG"]).toContain(error.code);
  });
});
