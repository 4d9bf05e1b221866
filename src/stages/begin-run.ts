/** The record of a run as it begins, and as it is resumed. */
import { basename, resolve } from "node:path";
import { pluginsIn, withoutRepeats } from "../plugins/index.ts";
import type { Copies, PluginRecord, RunRecord } from "../record/index.ts";
import { listingOf, partDigest } from "../data/listing.ts";
import { recordsText } from "../record/records.ts";
import { splitReference, type SplitManifest } from "../record/split.ts";
import { getNumThreads } from "../torch/index.ts";
import { defined } from "../util/defined.ts";
import { sha256Hex } from "../util/hash.ts";
import { dataRecord, type LoadedData, presentForget } from "./data-context.ts";
import { environmentRecord, tellOfThreads } from "./environment.ts";
import type { Reads } from "./output.ts";
import {
  checkRecorded,
  type RecordedSettings,
  recordedSettings,
  settingsToRecord,
  withPlace,
} from "./recorded-settings.ts";
import type { RecordedImages } from "./run-data.ts";
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
  /** The listing of the run it starts from, which is passed on as it is. Absent: it is made of the data. */
  readonly recorded?: RecordedImages | undefined;
  /** What a reader must know about the data, besides where they come from. */
  readonly notes?: readonly string[];
  /** Of images to forget, that stay. */
  readonly copies?: Copies | undefined;
  /** Of the run it starts from. */
  readonly parentPlugins?: readonly PluginRecord[] | undefined;
}

export interface Begun {
  /** Locked for this process. */
  readonly folder: RunFolder;
  readonly record: RunRecord;
}

/**
 * Makes the folder `out` with the split, the listing of the images and the record of a run that has just begun. Everything that can be refused has
 * been by now; where writing fails, nothing is left.
 * @throws CoppiceError E_CONFIG when the folder is not free, is or holds something that is read, or cannot be written
 */
export function beginRun(out: string, start: RunStart, context: StageContext): Begun {
  tellOfThreads(context.log);
  const records = listingText(start);
  const record = firstRecord(resolve(out), start, records, context);
  const folder = RunFolder.create(out, context.force === true, start.reads);
  folder.begin({ split: start.split, records }, record);
  return { folder, record };
}

function firstRecord(path: string, start: RunStart, records: string | undefined, context: StageContext): RunRecord {
  const { kind, seed, model, parent, method, mask, config, device, loaded, split, copies } = start;
  const plugins = pluginsOf({ ...config, arch: model.arch, data: loaded.dataset }, start.parentPlugins);
  const { notes, ...data } = dataRecord(loaded);
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
    data: { ...data, notes: [...notes, ...(start.notes ?? [])], ...recordImages(start, records) },
    split: {
      ...splitReference(split, loaded.dataset.classNames),
      ...defined({ copies }),
      baseHash: split.baseHash,
    },
    ...defined({ parent, method, plugins, mask }),
    environment: environmentRecord(device),
  };
}

/** Of `records.json`: that of the run it starts from, or made of the data; undefined of data without one. */
function listingText({ loaded: { listed }, split, recorded }: RunStart): string | undefined {
  return recorded?.text ?? (listed && recordsText(listingOf(listed, split.seed)));
}

/** What the record says of the listing. */
function recordImages(
  { loaded, split, recorded }: RunStart,
  text: string | undefined,
): Pick<RunRecord["data"], "recordsSha256" | "parts" | "gone"> {
  if (text === undefined) return {};
  const gone = split.indices.forget.length - presentForget(loaded, split).length;
  const { train, test } = loaded.dataset;
  const parts = recorded?.data.parts ?? { train: partDigest(train), test: partDigest(test) };
  return { recordsSha256: sha256Hex(text), parts, ...(gone === 0 ? {} : { gone }) };
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
  const { error: _error, files: _files, ...record } = folder.readRecord();
  checkRecorded(record, folder.file("record"));
  const settings = recordedSettings(kind, record, folder.path);
  const config = { ...settings, data: withPlace(settings.data, dataFolder ?? settings.data.folder) };
  const at = now();
  const resumedAt = [...record.resumedAt, at];
  const resumedWith = [...(record.resumedWith ?? []), { at, threads: getNumThreads() }];
  return {
    record: {
      ...record,
      status: "running",
      resumedAt,
      resumedWith,
      config: settingsToRecord(config, folder.path),
    },
    config,
  };
}
