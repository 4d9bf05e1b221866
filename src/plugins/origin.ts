/** Where definitions come from that are not built in: a plugin file with its hash, or the program that calls the library. */
import { architectureRegistry } from "../models/index.ts";
import { datasetRegistry } from "../data/index.ts";
import { detectorRegistry } from "../detect/index.ts";
import { prunerRegistry } from "../prune/index.ts";
import type { PluginRecord } from "../record/index.ts";
import { methodRegistry } from "../unlearn/index.ts";
import { type DefinitionKind, definitionKinds } from "../util/definition.ts";
import type { Registry } from "../util/registry.ts";

/** The registry of each kind. */
export const registries: Readonly<Record<DefinitionKind, Registry<never>>> = {
  method: methodRegistry as unknown as Registry<never>,
  pruner: prunerRegistry as unknown as Registry<never>,
  detector: detectorRegistry as unknown as Registry<never>,
  dataset: datasetRegistry as unknown as Registry<never>,
  architecture: architectureRegistry as unknown as Registry<never>,
};

/** The file that defines something. */
export interface PluginFile {
  /** Absolute. */
  readonly path: string;
  /** Of the file and of the files beside it that it imports, see `hashOfModule`. */
  readonly sha256: string;
}

const files = new Map<string, PluginFile>();

/** Notes that the definition `name` was read from `file`. */
export function rememberFile(kind: DefinitionKind, name: string, file: PluginFile): void {
  files.set(`${kind} ${name}`, file);
}

/** The file that defines it; undefined where it is built in or a program has passed it. */
export function fileOf(kind: DefinitionKind, name: string): PluginFile | undefined {
  return files.get(`${kind} ${name}`);
}

/** Those settings of a stage or a job that are names of definitions. */
interface NamingSettings {
  readonly method?: string;
  readonly pruner?: string;
  readonly detector?: string;
  readonly arch?: string;
  readonly data?: { readonly name?: string };
}

/** Of the definitions that settings name, those that are not built in. */
export function pluginsIn(settings: object): PluginRecord[] {
  const { method, pruner, detector, arch, data } = settings as NamingSettings;
  const names = { method, pruner, detector, dataset: data?.name, architecture: arch };
  return definitionKinds.flatMap((kind) => {
    const name = names[kind];
    if (name === undefined || registries[kind].isBuiltIn(name)) return [];
    return [{ kind, name, ...fileOf(kind, name) }];
  });
}

/** Of those, what a result depends on, for the key of a job: where a file lies changes nothing. Empty where all is built in. */
export function pluginsInKey(settings: object): { readonly plugins?: readonly Omit<PluginRecord, "path">[] } {
  const plugins = pluginsIn(settings).map(({ path: _path, ...plugin }) => plugin);
  return plugins.length === 0 ? {} : { plugins };
}

/** Each definition once, the last that has its name. */
export function withoutRepeats(plugins: readonly PluginRecord[]): PluginRecord[] {
  const byName = new Map<string, PluginRecord>();
  for (const plugin of plugins) {
    const name = `${plugin.kind} ${plugin.name}`;
    byName.delete(name); // so that it stands where the last one stands
    byName.set(name, plugin);
  }
  return [...byName.values()];
}
