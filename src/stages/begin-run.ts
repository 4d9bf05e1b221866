/** The record of a run as it begins, and as it is resumed. */
import type { z } from "zod";
import { pluginsIn, withoutRepeats } from "../plugins/index.ts";
import { type Config, type Copies, type PluginRecord, readConfig, type RunRecord } from "../record/index.ts";
import { listingOf, partDigest } from "../data/listing.ts";
import { recordsText } from "../record/records.ts";
import { splitReference, type SplitManifest, writeSplit } from "../record/split.ts";
import { getNumThreads } from "../torch/index.ts";
import { defined } from "../util/defined.ts";
import { writeFileAtomic } from "../util/files.ts";
import { sha256Hex } from "../util/hash.ts";
import { dataRecord, type LoadedData, presentForget } from "./data-context.ts";
import { environmentRecord, tellOfThreads } from "./environment.ts";
import type { RecordedImages } from "./run-data.ts";
import type { RunFolder } from "./run-folder.ts";
import { now, type StageContext } from "./stage.ts";

/** What differs from stage to stage. */
export interface RunStart extends Pick<RunRecord, "kind" | "seed" | "model" | "parent" | "method" | "mask"> {
  /** Complete: what a resume starts from. */
  readonly config: object;
  readonly device: string;
  readonly loaded: LoadedData;
  readonly split: SplitManifest;
  /** The listing of the run it starts from, which is passed on as it is. Absent: it is made of the data. */
  readonly recorded?: RecordedImages | undefined;
  /** What a reader must know about the data, besides where they come from. */
  readonly notes?: readonly string[];
  /** Of images to forget, that stay. */
  readonly copies?: Copies | undefined;
  /** Of the run it starts from. */
  readonly parentPlugins?: readonly PluginRecord[] | undefined;
}

/** Writes the split and the listing of the images into the folder, and gives the record of a run that has just begun. */
export function beginRun(folder: RunFolder, start: RunStart, context: StageContext): RunRecord {
  const { kind, seed, model, parent, method, mask, config, device, loaded, split, copies } = start;
  tellOfThreads(context.log);
  const plugins = pluginsOf({ ...config, arch: model.arch, data: loaded.dataset }, start.parentPlugins);
  writeSplit(folder.file("split"), split);
  const { notes, ...data } = dataRecord(loaded);
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
    data: { ...data, notes: [...notes, ...(start.notes ?? [])], ...recordImages(folder, start) },
    split: {
      ...splitReference(split, loaded.dataset.classNames),
      ...defined({ copies }),
      baseHash: split.baseHash,
    },
    ...defined({ parent, method, plugins, mask }),
    environment: environmentRecord(device),
  };
}

/** Leaves the listing in the folder; gives what the record says of it. */
function recordImages(
  folder: RunFolder,
  { loaded, split, recorded }: RunStart,
): Pick<RunRecord["data"], "recordsSha256" | "parts" | "gone"> {
  const gone = split.indices.forget.length - presentForget(loaded, split).length;
  const { listed } = loaded;
  const text = recorded?.text ?? (listed && recordsText(listingOf(listed, split.seed)));
  if (text === undefined) return {};
  writeFileAtomic(folder.file("records"), text);
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
 * @throws CoppiceError E_CHECKPOINT when the settings are of another form
 */
export function resumeRun<S extends z.ZodType>(
  folder: RunFolder,
  schema: S,
): { readonly record: RunRecord; readonly config: Config<z.infer<S>> } {
  const { error: _error, ...record } = folder.readRecord();
  const at = now();
  const resumedAt = [...record.resumedAt, at];
  const resumedWith = [...(record.resumedWith ?? []), { at, threads: getNumThreads() }];
  return {
    record: { ...record, status: "running", resumedAt, resumedWith },
    config: readConfig(schema, record.config, folder.path),
  };
}
