import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadPlugins, pluginFiles } from "../../../src/cli/plugins.ts";
import { program } from "../../../src/cli/main.ts";
import { pruners } from "../../../src/prune/index.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

describe("the files with a user's definitions", () => {
  it("are named by --plugin, in their order", () => {
    expect(pluginFiles(["forget", "--plugin", "a.ts", "--seed", "1", "--plugin=b.js"])).toEqual(["a.ts", "b.js"]);
    expect(pluginFiles(["forget", "--plugin"])).toEqual([]);
    expect(pluginFiles(["report", "--", "--plugin", "a.ts"])).toEqual([]);
  });

  it("must exist", async () => {
    await expect(loadPlugins(["methods", "--plugin", "nowhere.ts"], temporaryFolder())).rejects.toMatchObject({
      code: "E_CONFIG",
      message: expect.stringContaining("nowhere.ts") as string,
    });
  });

  it("add what they define to the registries", async () => {
    const file = join(temporaryFolder(), "widest.mjs");
    const pruner = `{ name: "widest", title: "Widest", description: "d", source: "s", weights: "trained", score: () => new Map() }`;
    writeFileSync(
      file,
      `import { definePruner } from "coppice/prune";\nexport const widest = definePruner(${pruner});\n`,
    );
    const before = pruners.length;
    await loadPlugins(["prune", "--plugin", file], temporaryFolder());
    expect(pruners.map(({ name }) => name).slice(before)).toEqual(["widest"]);
  });

  it("can be given to every command", () => {
    const without = program().commands.filter(({ options }) => !options.some(({ long }) => long === "--plugin"));
    expect(without.map((command) => command.name())).toEqual(["setup"]);
  });
});
