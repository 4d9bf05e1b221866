/** `coppice.config.ts` in the folder where Coppice is started: which plugins its commands load. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import type { PluginRecord } from "../record/index.ts";
import { defined } from "../util/defined.ts";
import { CoppiceError } from "../util/errors.ts";
import { schemaProblems } from "../util/schema-problems.ts";
import { importFile, loadPlugin } from "./load-plugin.ts";

const names = ["coppice.config.ts", "coppice.config.mts", "coppice.config.js", "coppice.config.mjs"];

const configSchema = z.strictObject({
  plugins: z.array(z.string()).describe("files with definitions, relative to this file"),
});
/** What the file exports as its default: `export default { plugins: ["./my-method.ts"] }`. */
export type CoppiceConfig = z.infer<typeof configSchema>;

/**
 * Loads the plugins that the configuration in `folder` names, where there is one.
 * @throws CoppiceError E_CONFIG for a file that is no configuration, and as `loadPlugin`
 */
export async function loadConfigFile(folder: string): Promise<PluginRecord[]> {
  const file = names.map((name) => join(resolve(folder), name)).find((path) => existsSync(path));
  if (file === undefined) return [];
  const { default: config } = await importFile(file);
  const { data, error } = configSchema.safeParse(config);
  if (error !== undefined) {
    throw new CoppiceError(
      "E_CONFIG",
      `${file}: expected a default export with a list \`plugins\`, got ${schemaProblems(error)}`,
      {
        hint: 'for example: export default { plugins: ["./my-method.ts"] }',
      },
    );
  }
  const loaded: PluginRecord[] = [];
  try {
    for (const plugin of data.plugins) loaded.push(...(await loadPlugin(resolve(dirname(file), plugin))));
  } catch (error) {
    if (!(error instanceof CoppiceError)) throw error;
    throw new CoppiceError(error.code, `${file}: ${error.message}`, defined({ hint: error.hint, cause: error }));
  }
  return loaded;
}
