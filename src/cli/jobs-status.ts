/** How far the jobs of an experiment are, on standard error. */
import type { JobsStatus } from "../jobs/index.ts";
import type { CliContext } from "./context.ts";

export function statusLine({
  log,
  progress,
}: Pick<CliContext, "log"> & { readonly progress: Pick<CliContext["progress"], "show" | "stage"> }): (
  status: JobsStatus,
) => void {
  return ({ total, done, failed, elsewhere, job }) => {
    const rest = [
      ...(failed === 0 ? [] : [`${failed} failed`]),
      ...(elsewhere === 0 ? [] : [`${elsewhere} in other processes`]),
    ];
    const state = [`${done} of ${total} jobs done`, ...rest].join(", ");
    progress.stage = `${done}/${total}`;
    if (job !== null) log(`${state}; ${job.title}`);
    else if (done + failed < total) progress.show(`${state}; waiting`);
  };
}
