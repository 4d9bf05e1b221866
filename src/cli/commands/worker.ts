import { Command } from "@commander-js/extra-typings";
import { runWorker } from "../../experiments/grid/queue-worker.ts";
import { withContext } from "../context.ts";
import { countOption, integerOption } from "../parse.ts";

/** `coppice worker`: does stages of experiments that run with `--queue`. */
export function workerCommand(): Command {
  const command = new Command("worker")
    .description("do stages of experiments that run with --queue, until stopped")
    .requiredOption("--queue <url>", "Redis or Valkey at redis://host:6379, the experiment's")
    .requiredOption("--jobs <folder>", "folder of finished stages that the experiment has too, as it is mounted here")
    .option("--lease <seconds>", "how long a stage is left to a process that gives no sign of life", countOption, 120)
    .option("--data-folder <folder>", "where the data are on this machine (default: where the experiment has them)")
    .option("--idle <seconds>", "end after so long without a stage (default: wait on)", integerOption)
    .addHelpText(
      "after",
      `
Ctrl-C (or SIGTERM) gives the stage back with its checkpoint, and whoever takes it goes on from there.

Examples:
  coppice worker --queue redis://server:6379 --jobs /share/jobs
  COPPICE_THREADS=4 coppice worker --queue redis://server:6379 --jobs /share/jobs --idle 600`,
    );
  command.action(async ({ queue, jobs, lease, dataFolder, idle }) => {
    await withContext({}, async (context) => {
      const options = { queue, store: jobs, leaseSeconds: lease, dataFolder, idleSeconds: idle };
      const done = await runWorker(options, context);
      context.log(`${done} stages done here; no more for ${idle} s`);
    });
  });
  return command as unknown as Command;
}
