/** Reads definitions from files of users, in TypeScript or JavaScript. */
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { PluginRecord } from "../record/index.ts";
import { fileOf, hashOfModule, registries, rememberFile } from "../plugins/index.ts";
import { kindOf } from "../util/definition.ts";
import { CoppiceError, messageOf } from "../util/errors.ts";
import { runningModules } from "./running-modules.ts";

/**
 * Registers what the module at `path` exports that `defineMethod` or one of its siblings has made; loading it again changes nothing.
 * @returns the definitions, in the order of the exports
 * @throws CoppiceError E_CONFIG when there is no such file, it cannot be run or defines nothing; E_ARG for a name that is taken
 * @example
 * import { writeFileSync } from "node:fs";
 * import { loadPlugin } from "coppice";
 *
 * writeFileSync(
 *   "identity.mjs",
 *   `import { defineMethod } from "coppice";
 *    export const identity = defineMethod({
 *      name: "identity", title: "Identity", description: "changes nothing", source: "an example", cost: "nothing",
 *      needs: { retain: false, forget: true, start: "original" }, options: {}, run: async () => ({}),
 *    });`,
 * );
 * console.log(await loadPlugin("identity.mjs")); // [{ kind: "method", name: "identity", path: "…", sha256: "…" }]
 */
export async function loadPlugin(path: string): Promise<PluginRecord[]> {
  const file = { path: resolve(path), sha256: "" };
  if (!existsSync(file.path)) {
    throw new CoppiceError("E_CONFIG", `plugin ${path}: expected a TypeScript or JavaScript file, got no such file`);
  }
  file.sha256 = hashOfModule(file.path);
  const definitions = Object.values(await importFile(file.path)).flatMap(definitionsIn);
  if (definitions.length === 0) {
    throw new CoppiceError(
      "E_CONFIG",
      `plugin ${path}: expected an export made by defineMethod or one of its siblings, got none`,
      {
        hint: "export what defineMethod, defineDetector, definePruner, defineDataset or defineArchitecture returns",
      },
    );
  }
  return definitions.map(({ kind, definition }) => {
    const { name } = definition;
    if (fileOf(kind, name)?.sha256 !== file.sha256) {
      registries[kind].add(definition as never);
      rememberFile(kind, name, file);
    }
    return { kind, name, ...file };
  });
}

/** The exports of a module of the user's. @throws CoppiceError E_CONFIG with what went wrong in it */
export async function importFile(path: string): Promise<Record<string, unknown>> {
  const { createJiti } = await import("jiti"); // most commands load no file of a user
  const jiti = createJiti(dirname(path), {
    virtualModules: await runningModules(),
    moduleCache: false,
    fsCache: false,
    interopDefault: false,
  });
  try {
    return await jiti.import<Record<string, unknown>>(path);
  } catch (error) {
    if (error instanceof CoppiceError) throw error;
    throw new CoppiceError("E_CONFIG", `${path}: expected a module that runs, got: ${inOneLine(messageOf(error))}`, {
      cause: error,
    });
  }
}

interface Found {
  readonly kind: PluginRecord["kind"];
  readonly definition: { readonly name: string };
}

/** An export that is a definition, or a list of them. */
function definitionsIn(value: unknown): Found[] {
  if (Array.isArray(value)) return value.flatMap(definitionsIn);
  const kind = kindOf(value);
  return kind === undefined ? [] : [{ kind, definition: value as Found["definition"] }];
}

/** Syntax errors have `file:line:column` in their second line; what stands there otherwise is a list of importing files. */
function inOneLine(text: string): string {
  const [first = "", second = ""] = text.split("\n").map((line) => line.trim());
  return /:\d+:\d+$/.test(second) ? `${first} at ${second}` : first;
}
