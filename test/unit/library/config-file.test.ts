import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadConfigFile } from "../../../src/library/index.ts";
import { methodRegistry } from "../../../src/unlearn/index.ts";
import { methodFile } from "../../support/plugin-file.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

it("loads nothing where there is none", async () => {
  expect(await loadConfigFile(temporaryFolder())).toEqual([]);
});

it.each(["coppice.config.ts", "coppice.config.mjs"])(
  "loads the plugins that %s names, from beside it",
  async (name) => {
    const folder = temporaryFolder();
    const method = `scale-${name.split(".").at(-1)}`;
    methodFile(method, folder);
    writeFileSync(join(folder, name), `export default { plugins: ["./${method}.ts"] };\n`);
    expect((await loadConfigFile(folder)).map((plugin) => plugin.name)).toEqual([method]);
    expect(methodRegistry.names).toContain(method);
  },
);

it.each([
  ["export default { plugin: [] };", /plugins: expected array, got undefined; the whole: Unrecognized key: "plugin"/],
  ["export const plugins = [];", /expected a default export with a list `plugins`/],
  [
    'export default { plugins: ["./gone.ts"] };',
    /coppice\.config\.ts: plugin .*gone\.ts: expected a TypeScript or JavaScript file, got no such file/,
  ],
])("refuses %s", async (text, message) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "coppice.config.ts"), text);
  await expect(loadConfigFile(folder)).rejects.toThrow(message);
});
