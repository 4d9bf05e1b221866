import { expect, it } from "vitest";
import { loadPlugins, pluginFiles } from "../../../src/cli/plugins.ts";
import { methodRegistry } from "../../../src/unlearn/index.ts";
import { methodFile } from "../../support/plugin-file.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

it.each([
  ["forget --model a", []],
  ["--plugin a.ts forget", ["a.ts"]],
  ["forget --plugin a.ts --plugin=b.ts --out c", ["a.ts", "b.ts"]],
  ["forget --plugin", []],
  ["experiment x -- --plugin a.ts", []],
])("reads the files in `%s`", (words, files) => {
  expect(pluginFiles(words.split(" "))).toEqual(files);
});

it("loads them before the command line is read", async () => {
  await loadPlugins(["methods", "--plugin", methodFile("scale-cli")], temporaryFolder());
  expect(methodRegistry.names).toContain("scale-cli");
});
