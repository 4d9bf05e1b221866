/** Makes sure that the definitions a run was made with are there again, and are the same. */
import { existsSync } from "node:fs";
import type { PluginRecord } from "../record/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { hashOfModule } from "./hash-of-module.ts";
import { fileOf, registries } from "./origin.ts";

/** Reads a plugin file and registers what it defines. */
export type LoadPlugin = (path: string) => Promise<unknown>;

/**
 * @param where the run whose record names `plugins`, for errors
 * @param load loads those that are not there yet from their files
 * @throws CoppiceError E_CONFIG for one that is missing, or is not what it was, by its name and file
 */
export async function requirePlugins(
  plugins: readonly PluginRecord[] | undefined,
  where: string,
  load?: LoadPlugin,
): Promise<void> {
  for (const plugin of plugins ?? []) {
    const { kind, name, path } = plugin;
    if (!isThere(plugin) && path !== undefined && load !== undefined) {
      checkFile(plugin, where);
      await load(path);
    }
    if (!isThere(plugin)) {
      const [origin, hint] =
        path === undefined
          ? ["which a program defined", "continue in that program, after it has defined it"]
          : [`of ${path}`, "load the file that defines it with --plugin FILE"];
      throw new CoppiceError("E_CONFIG", `${where}: expected the ${kind} ${name}, ${origin}, got none of that name`, {
        hint,
      });
    }
    checkSame(plugin, where);
  }
}

function isThere({ kind, name }: PluginRecord): boolean {
  return registries[kind].names.includes(name);
}

function checkFile({ kind, name, path = "", sha256 }: PluginRecord, where: string): void {
  if (!existsSync(path)) {
    throw new CoppiceError("E_CONFIG", `${where}: expected the ${kind} ${name} in ${path}, got no such file`, {
      hint: "name the file where it is now with --plugin FILE",
    });
  }
  if (hashOfModule(path) !== sha256) throw changed(where, { kind, name, path });
}

/** What a program passes has no file to compare. */
function checkSame({ kind, name, path = "", sha256 }: PluginRecord, where: string): void {
  if (sha256 !== undefined && fileOf(kind, name)?.sha256 !== sha256) throw changed(where, { kind, name, path });
}

function changed(where: string, { kind, name, path }: Pick<PluginRecord, "kind" | "name" | "path">): CoppiceError {
  return new CoppiceError("E_CONFIG", `${where}: expected the ${kind} ${name} as it was in ${path}, got another one`, {
    hint: "the file has changed since: bring the earlier one back, or start a new run with this one",
  });
}
