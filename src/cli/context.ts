/** What commands run in: messages, live progress, Ctrl-C. */
import { shellCommand } from "../format/index.ts";
import { loadPlugin } from "../library/index.ts";
import { withoutPassword } from "../jobs/job-queue.ts";
import { DataContext, type StageContext } from "../stages/index.ts";
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

/** The command line of this process, to be run again. */
export function sameCommand(): string {
  return shellCommand(commandGiven());
}

function commandGiven(): string[] {
  return ["coppice", ...process.argv.slice(2).map(withoutPassword)];
}
