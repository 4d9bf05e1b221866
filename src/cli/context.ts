/** What commands run in: messages, live progress, Ctrl-C. */
import { availableParallelism } from "node:os";
import { plural, shellCommand } from "../format/index.ts";
import { loadPlugin } from "../library/index.ts";
import { withoutPassword } from "../jobs/job-queue.ts";
import { DataContext, type StageContext } from "../stages/index.ts";
import { getNumThreads } from "../torch/index.ts";
import { ProgressLine } from "./progress.ts";

export interface CliContext extends StageContext {
  readonly progress: ProgressLine;
}

/**
 * Runs `work` with a context whose signal Ctrl-C and SIGTERM abort: the first asks the stage to save and stop, the second ends
 * the process at once. `how` says how to continue.
 */
export async function withContext<T>(
  options: {
    readonly force?: boolean | undefined;
    readonly quiet?: boolean | undefined;
    readonly how?: string | undefined;
  },
  work: (context: CliContext) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const progress = new ProgressLine(options.quiet === true);
  const slow = threadsNote(getNumThreads(), availableParallelism());
  if (slow !== undefined) progress.message(slow);
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    progress.message(`stopping after this step${options.how === undefined ? "" : `; to continue: ${options.how}`}`);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  const data = new DataContext({ onProgress: (state) => progress.reading(state), signal: controller.signal });
  try {
    return await work({
      data,
      progress,
      log: (message) => progress.message(message),
      onProgress: (state) => progress.update(state),
      signal: controller.signal,
      loadPlugin,
      command: commandGiven(),
      force: options.force === true,
    });
  } finally {
    progress.end();
    data.dispose();
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

/** Threads that wait for each other's core make every step many times slower. */
export function threadsNote(threads: number, cores: number): string | undefined {
  if (threads <= cores) return undefined;
  return `note: ${threads} threads on ${plural(cores, "core")} wait for each other, which is much slower: set COPPICE_THREADS to ${cores} or fewer`;
}

/** The command line of this process, to be run again. */
export function sameCommand(): string {
  return shellCommand(commandGiven());
}

function commandGiven(): string[] {
  return ["coppice", ...process.argv.slice(2).map(withoutPassword)];
}
