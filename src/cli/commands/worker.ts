import { Command } from "@commander-js/extra-typings";
import { runWorker } from "../../experiments/grid/queue-worker.ts";
import { withContext } from "../context.ts";
import { headings } from "../flags.ts";
import { countOption, integerOption } from "../parse.ts";

/** `coppice worker`: does jobs of experiments that run with `--queue`. */
export function workerCommand(): Command {
  const command = declare();
  command.action(async (options) => {
    await withContext({}, async (context) => {
      const done = await runWorker(workerOptions(options), context);
      context.log(`${done} jobs done here; no job came for ${options.idle} s`);
    });
  });
  return command as unknown as Command;
}

const declare = () =>
  new Command("worker")
    .summary("do jobs of experiments that run with --queue")
    .description("Do jobs of experiments that run with --queue, until stopped.")
    .optionsGroup(headings.where)
    .requiredOption("--queue <url>", "the experiment's Redis or Valkey, at redis://host:6379")
    .requiredOption("--jobs <folder>", "the experiment's folder of finished jobs, as it is mounted on this machine")
    .option(
      "--lease <seconds>",
      "seconds after which the job of a process that no longer renews its lease is free again",
      countOption,
      120,
    )
    .option("--idle <seconds>", "stop when no job has come for this long (default: keep waiting)", integerOption)
    .optionsGroup(headings.data)
    .option("--data-folder <folder>", "folder of the data set on this machine (default: as the experiment has it)")
    .addHelpText(
      "after",
      `
Ctrl-C (or SIGTERM) gives the job back with its checkpoint; another worker continues it from there.

Examples:
  coppice worker --queue redis://server:6379 --jobs /share/jobs
  COPPICE_THREADS=4 coppice worker --queue redis://server:6379 --jobs /share/jobs --idle 600`,
    );

type Options = ReturnType<ReturnType<typeof declare>["opts"]>;

/** What the worker is told. */
export function workerOptions({ queue, jobs, lease, dataFolder, idle }: Options): Parameters<typeof runWorker>[0] {
  return { queue, store: jobs, leaseSeconds: lease, dataFolder, idleSeconds: idle };
}
