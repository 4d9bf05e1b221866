/** What the environment of the process sets: the only file that reads and changes it. */
import { homedir } from "node:os";
import { join } from "node:path";
import { CoppiceError } from "./errors.ts";

/** The value of an environment variable; undefined also where it is empty. */
export function environmentVariable(name: `COPPICE_${string}`): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}

/**
 * The folder of files that can be made again: `COPPICE_CACHE` where set, else one in the user's home.
 * @throws CoppiceError E_CONFIG for a user without a home, as in some containers
 */
export function cacheFolder(): string {
  return environmentVariable("COPPICE_CACHE") ?? join(home(), ".cache", "coppice");
}

function home(): string {
  try {
    return homedir();
  } catch (cause) {
    throw new CoppiceError("E_CONFIG", "COPPICE_CACHE: expected a folder, as this user has no home folder, got none", {
      hint: "set COPPICE_CACHE to a folder that this user may write to, or HOME",
      cause,
    });
  }
}

/** Whether the environment sets any of `names`, even to nothing. */
export function environmentSets(...names: readonly string[]): boolean {
  return names.some((name) => process.env[name] !== undefined);
}

/**
 * Runs `body` with `variables` in the environment of the process, where native libraries that it loads find them. Afterwards the
 * environment is as before: programs that this process starts do not inherit them. In a worker thread libraries do not see them.
 */
export function withEnvironment<T>(variables: Readonly<Record<string, string>>, body: () => T): T {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return body();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
