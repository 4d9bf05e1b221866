/** What the functions of the library give and take: runs, and what surrounds the work on them. */
import { resolve } from "node:path";
import { DataContext, quietContext, type StageContext } from "../stages/index.ts";
import type { RunRecord } from "../record/index.ts";
import type { Progress } from "../train/index.ts";
import { defined } from "../util/defined.ts";
import { shown } from "../util/shown.ts";
import { CoppiceError } from "../util/errors.ts";
import { asPluginError } from "../plugins/index.ts";
import { inLibraryWords } from "./library-words.ts";
import { loadPlugin } from "./load-plugin.ts";

/** A run: its folder, and what its `run.json` says. */
export interface Run {
  /** Absolute. */
  readonly path: string;
  readonly record: RunRecord;
}

/** A run, or the path of its folder. */
export type RunReference = string | Run;

/** How a function of the library is called; nothing of it changes a number. */
export interface CallOptions {
  /** Replace an earlier run in the folder. Default false. */
  readonly force?: boolean;
  /** Told what takes its time, a line a message. Default: nobody. */
  readonly log?: (message: string) => void;
  /** Told after every training step. */
  readonly onProgress?: (progress: Progress) => void;
  /** Stops the work at the next step, with a checkpoint: the promise is rejected with `Interrupted`, and `resume` continues. */
  readonly signal?: AbortSignal;
  /** Keeps the last data set between calls. Default: it is loaded for this call and freed. */
  readonly data?: DataContext;
  /** Files with definitions to load first, see `loadPlugin`. */
  readonly plugins?: readonly string[];
}

/** Names of the options, for functions that take them among others. */
export const callOptionNames: readonly (keyof CallOptions)[] = [
  "force",
  "log",
  "onProgress",
  "signal",
  "data",
  "plugins",
];

/** Runs `work` in the context that `options` describe. What it throws names options, not flags, and the plugin file that it comes from. */
export async function withCallOptions<T>(
  options: CallOptions,
  work: (context: StageContext) => Promise<T>,
): Promise<T> {
  const { plugins = [], force, log, onProgress, signal } = options;
  const data = options.data ?? new DataContext(defined({ signal }));
  try {
    for (const file of plugins) await loadPlugin(file);
    return await work(quietContext({ data, loadPlugin, ...defined({ force, log, onProgress, signal }) }));
  } catch (error) {
    throw inLibraryWords(asPluginError(error));
  } finally {
    if (options.data === undefined) data.dispose();
  }
}

export function pathOf(run: RunReference): string {
  return typeof run === "string" ? run : run.path;
}

/** The run that `stage` leaves in `folder`. @throws CoppiceError E_ARG for no path */
export async function runIn(folder: string, stage: () => Promise<RunRecord>): Promise<Run> {
  if (typeof folder !== "string" || folder === "") {
    throw new CoppiceError("E_ARG", `out: expected the path of a run folder, got ${shown(folder)}`);
  }
  return { path: resolve(folder), record: await stage() };
}
