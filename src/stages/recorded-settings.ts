/** The settings in a run's record: of the form that its stage has, in agreement with the rest of the record, and with paths that can be opened. */
import { resolve } from "node:path";
import type { z } from "zod";
import { datasetRegistry } from "../data/registry.ts";
import {
  type Config,
  forgetConfigSchema,
  pruneConfigSchema,
  readConfig,
  type RunRecord,
  type TrainConfig,
  trainConfigSchema,
  transferConfigSchema,
} from "../record/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { realPlace, wayTo } from "../util/places.ts";

const schemas = {
  train: trainConfigSchema,
  prune: pruneConfigSchema,
  forget: forgetConfigSchema,
  transfer: transferConfigSchema,
} as const;

/** Settings of the original's training: a training run's own, else those its descendants carry along. @throws CoppiceError E_CHECKPOINT when they are of another form */
export function originalConfig({ kind, config, name }: Pick<RunRecord, "kind" | "config" | "name">): TrainConfig {
  return readConfig(trainConfigSchema, kind === "train" ? config : config["original"], name);
}

/**
 * That a record can be worked with: its settings are complete, and say nothing else than the rest of it.
 * @param where its file, for the error
 * @throws CoppiceError E_CHECKPOINT
 */
export function checkRecorded(record: RunRecord, where: string): void {
  const { kind, config, seed, model, data, method } = record;
  const settings = readConfig(schemas[kind], config, where);
  const original = originalConfig({ kind, config, name: where });
  agree(where, "seed", settings.seed, seed);
  agree(where, "architecture", original.arch, model.arch);
  agree(where, "stem", original.stem, model.stem);
  // A data set of a user's may call itself otherwise than its definition is called.
  if (datasetRegistry.isBuiltIn(original.data.name)) agree(where, "data set", original.data.name, data.name);
  const used = "method" in settings ? settings.method : undefined;
  agree(where, "method", used ?? "none", method?.name ?? "none");
  agree(where, "parent", kind === "train" ? "none" : "one", record.parent === undefined ? "none" : "one");
}

function agree(where: string, what: string, inConfig: string | number, inRecord: string | number): void {
  if (inConfig === inRecord) return;
  throw new CoppiceError(
    "E_CHECKPOINT",
    `${where}: expected a record that agrees with itself, got the ${what} ${inConfig} in its settings and ${inRecord} beside them`,
    { hint: "the record was changed, or is of another run: restore it, or make the run again" },
  );
}

export type RecordedSettings<K extends RunRecord["kind"]> = Config<z.infer<(typeof schemas)[K]>>;

/**
 * The settings of the run in the folder `path`, its model (and the run of the round before) as absolute paths: in the record they stand relative to
 * the run, so that all can be moved together.
 * @throws CoppiceError E_CHECKPOINT when they are of another form
 */
export function recordedSettings<K extends RunRecord["kind"]>(
  kind: K,
  { config }: Pick<RunRecord, "config">,
  path: string,
): RecordedSettings<K> {
  const settings = readConfig(schemas[kind], config, path) as RecordedSettings<K>;
  const from = realPlace(path);
  return { ...settings, ...mapped(settings, (way) => resolve(from, way)) };
}

/** `config` as a record in the folder `out` keeps it: runs relative to it. */
export function settingsToRecord(config: object, out: string): RunRecord["config"] {
  return { ...config, ...mapped(config, (path) => wayTo(out, path)) };
}

/** Runs that a stage reads, by the names that they have in its settings. */
const runsRead = ["model", "after"];

function mapped(config: object, change: (path: string) => string): Record<string, string> {
  const paths = Object.entries(config).filter(([name, value]) => runsRead.includes(name) && typeof value === "string");
  return Object.fromEntries(paths.map(([name, path]) => [name, change(path as string)]));
}

/** `data` with its folder as an absolute path: later commands may be run from anywhere. */
export function withPlace<T extends { readonly folder?: string }>(data: T, folder = data.folder): T {
  return folder === undefined ? data : { ...data, folder: resolve(folder) };
}
