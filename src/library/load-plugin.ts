/** Reads definitions from files of users, in TypeScript or JavaScript. */
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { PluginRecord } from "../record/index.ts";
import { fileOf, hashOfModule, type PluginFile, registries, rememberFile, watchFile } from "../plugins/index.ts";
import { defined } from "../util/defined.ts";
import { kindOf } from "../util/definition.ts";
import { CoppiceError, messageOf } from "../util/errors.ts";
import { regularFileSize } from "../util/regular-file.ts";
import { shown } from "../util/shown.ts";
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
  const name = `${file.sha256} ${file.path}`;
  const loading = loaded.get(name) ?? register(path, file);
  loaded.set(name, loading);
  return await loading.catch((error: unknown) => {
    loaded.delete(name); // what it lacks may be there the next time
    throw error;
  });
}

/** Files by their hash and path: what has run once has registered what it defines, and may have done anything else besides. */
const loaded = new Map<string, Promise<PluginRecord[]>>();

/** @param path as it was given, for errors */
async function register(path: string, file: PluginFile): Promise<PluginRecord[]> {
  const definitions = definitionsIn(Object.values(await importFile(file.path)));
  if (definitions.length === 0) {
    throw new CoppiceError(
      "E_CONFIG",
      `plugin ${path}: expected an export made by defineMethod or one of its siblings, got none`,
      {
        hint: "export what defineMethod, defineDetector, definePruner, defineDataset or defineArchitecture returns",
      },
    );
  }
  const others = definitions.filter(({ kind, definition }) => fileOf(kind, definition.name)?.sha256 !== file.sha256);
  checkNames(path, others);
  for (const { kind, definition } of others) {
    registries[kind].add(definition as never);
    rememberFile(kind, definition.name, file);
  }
  return definitions.map(({ kind, definition: { name } }) => ({ kind, name, ...file }));
}

/** Of all before the first is registered. @throws CoppiceError E_ARG for a name that is taken, with whose it is */
function checkNames(path: string, definitions: readonly Found[]): void {
  const own = new Set<string>();
  for (const { kind, definition } of definitions) {
    const { name } = definition;
    const owner = own.has(`${kind} ${name}`) ? "the same file" : ownerOf(kind, name);
    if (owner !== undefined) throw taken(`plugin ${path}: ${kind}`, name, owner);
    own.add(`${kind} ${name}`);
  }
}

function ownerOf(kind: PluginRecord["kind"], name: string): string | undefined {
  if (!registries[kind].names.includes(name)) return undefined;
  return registries[kind].isBuiltIn(name) ? "Coppice itself" : (fileOf(kind, name)?.path ?? "this program");
}

function taken(where: string, name: string, owner: string): CoppiceError {
  return new CoppiceError(
    "E_ARG",
    `${where}: expected a name that is not taken, got ${shown(name)}, which ${owner} defines`,
    {
      hint: "give one of them another name, or load one of the files only",
    },
  );
}

/** The exports of a module of the user's. @throws CoppiceError E_CONFIG with what went wrong in it */
export async function importFile(path: string): Promise<Record<string, unknown>> {
  regularFileSize(path, "E_CONFIG"); // refuses what would be waited for
  watchFile(path);
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
    if (error instanceof CoppiceError)
      throw new CoppiceError(error.code, `${path}: ${error.message}`, defined({ hint: error.hint, cause: error }));
    throw new CoppiceError("E_CONFIG", `${path}: expected a module that runs, got: ${inOneLine(messageOf(error))}`, {
      cause: error,
    });
  }
}

interface Found {
  readonly kind: PluginRecord["kind"];
  readonly definition: { readonly name: string };
}

/** A list may hold itself. */
const DEEPEST_LIST = 4;

/** Those among `values` and lists in it, each once, under however many names a file exports it. */
function definitionsIn(values: readonly unknown[]): Found[] {
  return [...new Set(values.flat(DEEPEST_LIST))].flatMap((value) => {
    const kind = kindOf(value);
    return kind === undefined ? [] : [{ kind, definition: value as Found["definition"] }];
  });
}

/** Syntax errors have `file:line:column` in their second line; what stands there otherwise is a list of importing files. */
function inOneLine(text: string): string {
  const [first = "", second = ""] = text.split("\n").map((line) => line.trim());
  return /:\d+:\d+$/.test(second) ? `${first} at ${second}` : first;
}
