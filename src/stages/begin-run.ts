/** The record of a run as it begins, and as it is resumed. */
import type { z } from "zod";
import { pluginsIn, withoutRepeats } from "../plugins/index.ts";
import { type Config, type PluginRecord, readConfig, type RunRecord } from "../record/index.ts";
import { splitReference, type SplitManifest, writeSplit } from "../record/split.ts";
import { defined } from "../util/defined.ts";
import { dataRecord, type LoadedData } from "./data-context.ts";
import { environmentRecord, tellOfThreads } from "./environment.ts";
import type { RunFolder } from "./run-folder.ts";
import { now, type StageContext } from "./stage.ts";

/** What differs from stage to stage. */
export interface RunStart extends Pick<RunRecord, "kind" | "seed" | "model" | "parent" | "method" | "mask"> {
  /** Complete: what a resume starts from. */
  readonly config: object;
  readonly device: string;
  readonly loaded: LoadedData;
  readonly split: SplitManifest;
  /** Of the run it starts from. */
  readonly parentPlugins?: readonly PluginRecord[] | undefined;
}

/** Writes the split into the folder, and gives the record of a run that has just begun. */
export function beginRun(folder: RunFolder, start: RunStart, context: StageContext): RunRecord {
  const { kind, seed, model, parent, method, mask, config, device, loaded, split } = start;
  tellOfThreads(context.log);
  const plugins = pluginsOf({ ...config, arch: model.arch, data: loaded.dataset }, start.parentPlugins);
  writeSplit(folder.file("split"), split);
  return {
    format: "coppice-run",
    version: 1,
    kind,
    name: folder.name,
    status: "running",
    startedAt: now(),
    resumedAt: [],
    command: [...context.command],
    config: { ...config },
    seed,
    model,
    data: dataRecord(loaded),
    split: { ...splitReference(split, loaded.dataset.classNames), baseHash: split.baseHash },
    ...defined({ parent, method, plugins, mask }),
    environment: environmentRecord(device),
  };
}

/** Definitions that are not built in: of these settings, and of the run before. */
function pluginsOf(config: object, before: readonly PluginRecord[] = []): PluginRecord[] | undefined {
  const all = withoutRepeats([...before, ...pluginsIn(config)]);
  return all.length === 0 ? undefined : all;
}

/**
 * The record of the run in the folder as it is resumed now, and its settings.
 * @throws CoppiceError E_CHECKPOINT when the settings are of another form
 */
export function resumeRun<S extends z.ZodType>(
  folder: RunFolder,
  schema: S,
): { readonly record: RunRecord; readonly config: Config<z.infer<S>> } {
  const record = folder.readRecord();
  return {
    record: { ...record, status: "running", resumedAt: [...record.resumedAt, now()] },
    config: readConfig(schema, record.config, folder.path),
  };
}
