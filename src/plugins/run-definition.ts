/** Work of a definition that may be a user's: what it throws is said to be its own. */
import { Interrupted } from "../train/index.ts";
import type { DefinitionKind } from "../util/definition.ts";
import { CoppiceError, messageOf } from "../util/errors.ts";
import { fileOf, registries } from "./origin.ts";

/**
 * What `work` gives, which is done by the definition `name`.
 * @throws CoppiceError E_CONFIG that names a user's definition, its file and what it has thrown; what a built-in one throws as it is, and
 *   so errors that are meant for the user or say that the work was stopped
 */
export async function runDefinition<T>(kind: DefinitionKind, name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isForUser = error instanceof CoppiceError || error instanceof Interrupted;
    if (isForUser || registries[kind].isBuiltIn(name)) throw error;
    const { path } = fileOf(kind, name) ?? {};
    const where = path === undefined ? `${kind} ${name}` : `${kind} ${name} of ${path}`;
    throw new CoppiceError("E_CONFIG", `${where}: expected it to run, got: ${messageOf(error)}`, {
      hint: "the error is in that definition: --debug shows the line",
      cause: error,
    });
  }
}
