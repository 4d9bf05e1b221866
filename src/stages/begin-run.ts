/** The record of a run as it begins, and as it is resumed. */
import { basename, resolve } from "node:path";
import { pluginsIn, withoutRepeats } from "../plugins/index.ts";
import type { PluginRecord, RunRecord } from "../record/index.ts";
import { splitReference, type SplitManifest } from "../record/split.ts";
import { defined } from "../util/defined.ts";
import { dataRecord, type LoadedData } from "./data-context.ts";
import { environmentRecord } from "./environment.ts";
import type { Reads } from "./output.ts";
import {
  checkRecorded,
  type RecordedSettings,
  recordedSettings,
  settingsToRecord,
  withPlace,
} from "./recorded-settings.ts";
import { RunFolder } from "./run-folder.ts";
import { now, type StageContext } from "./stage.ts";

/** What differs from stage to stage. */
export interface RunStart extends Pick<RunRecord, "kind" | "seed" | "model" | "parent" | "method" | "mask"> {
  /** Complete: what a resume starts from; other runs as paths that can be opened. */
  readonly config: object;
  readonly device: string;
  readonly loaded: LoadedData;
  readonly split: SplitManifest;
  /** Folders that the stage reads, which must lie apart. */
  readonly reads: Reads;
  /** Of the run it starts from. */
  readonly parentPlugins?: readonly PluginRecord[] | undefined;
}

export interface Begun {
  /** Locked for this process. */
  readonly folder: RunFolder;
  readonly record: RunRecord;
}

/**
 * Makes the folder `out` with the split and the record of a run that has just begun. Everything that can be refused has been by now; where writing
 * fails, nothing is left.
 * @throws CoppiceError E_CONFIG when the folder is not free, is or holds something that is read, or cannot be written
 */
export function beginRun(out: string, start: RunStart, context: StageContext): Begun {
  const record = firstRecord(resolve(out), start, context);
  const folder = RunFolder.create(out, context.force === true, start.reads);
  folder.begin(start.split, record);
  return { folder, record };
}

function firstRecord(path: string, start: RunStart, context: StageContext): RunRecord {
  const { kind, seed, model, parent, method, mask, config, device, loaded, split } = start;
  const plugins = pluginsOf({ ...config, arch: model.arch, data: loaded.dataset }, start.parentPlugins);
  return {
    format: "coppice-run",
    version: 1,
    kind,
    name: basename(path),
    status: "running",
    startedAt: now(),
    resumedAt: [],
    command: [...context.command],
    config: settingsToRecord(config, path),
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
 * @throws CoppiceError E_CHECKPOINT when the settings are of another form, or of another run
 */
export function resumeRun<K extends RunRecord["kind"]>(
  folder: RunFolder,
  kind: K,
  { dataFolder }: StageContext,
): { readonly record: RunRecord; readonly config: RecordedSettings<K> } {
  const record = folder.readRecord();
  checkRecorded(record, folder.file("record"));
  const settings = recordedSettings(kind, record, folder.path);
  const config = { ...settings, data: withPlace(settings.data, dataFolder ?? settings.data.folder) };
  return {
    record: {
      ...record,
      status: "running",
      resumedAt: [...record.resumedAt, now()],
      config: settingsToRecord(config, folder.path),
    },
    config,
  };
}
