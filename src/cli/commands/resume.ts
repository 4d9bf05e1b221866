import { Command } from "@commander-js/extra-typings";
import { resumeStage } from "../../stages/index.ts";
import { withContext } from "../context.ts";
import { printRun } from "../print-run.ts";

/** `coppice resume`: goes on with an interrupted run. */
export function resumeCommand(): Command {
  const command = new Command("resume")
    .description("go on with a run that was interrupted or killed, to the same result as if it had not been")
    .argument("<run>", "run folder")
    .option("--json", "print the run's record")
    .addHelpText("after", "\nExample:\n  coppice resume runs/original");
  command.action(async (run, options) => {
    await withContext({ how: `coppice resume ${run}` }, async (context) => {
      printRun(await resumeStage(run, context), run, options.json === true);
    });
  });
  return command as unknown as Command;
}
