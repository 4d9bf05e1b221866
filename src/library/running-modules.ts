/**
 * What `import … from "coppice"` and its subpaths mean in a user's file that this process loads: this very Coppice, so that there is one
 * registry of each kind and one class of tensors, wherever the file lies.
 */

/** The subpaths of the package. */
export const subpaths = [
  "data",
  "detect",
  "evaluate",
  "models",
  "nn",
  "optim",
  "prune",
  "record",
  "report",
  "torch",
  "unlearn",
] as const;

let modules: Record<string, unknown> | undefined;

/** By the names that a user's file imports. */
export async function runningModules(): Promise<Record<string, unknown>> {
  modules ??= Object.fromEntries(
    await Promise.all([
      load("coppice", ".."),
      ...subpaths.map((subpath) => load(`coppice/${subpath}`, `../${subpath}`)),
    ]),
  );
  return modules;
}

/** The address is computed, since the package's entry imports this room: a written import would make a circle. */
async function load(name: string, folder: string): Promise<[string, unknown]> {
  const ending = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return [name, await import(new URL(`${folder}/index.${ending}`, import.meta.url).href)];
}
