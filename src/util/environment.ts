/** What the environment of the process sets: the only file that reads it. */
import { homedir } from "node:os";
import { join } from "node:path";

/** The value of an environment variable; undefined also where it is empty. */
export function environmentVariable(name: `COPPICE_${string}`): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}

/** The folder of files that can be made again: `COPPICE_CACHE` where set, else one in the user's home. */
export function cacheFolder(): string {
  return environmentVariable("COPPICE_CACHE") ?? join(homedir(), ".cache", "coppice");
}
