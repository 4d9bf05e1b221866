import { Command } from "@commander-js/extra-typings";
import { resumeStage } from "../../stages/index.ts";
import { withContext } from "../context.ts";
import { defined } from "../../util/defined.ts";
import { headings, json, movedDataFolder } from "../flags.ts";
import { printRun } from "../print-run.ts";

/** `coppice resume`: continues an interrupted run. */
export function resumeCommand(): Command {
  const command = new Command("resume")
    .summary("continue a run that was interrupted")
    .description("Continue a run that was interrupted or killed. The result is the same as without the interruption.")
    .argument("<run>", "run folder")
    .optionsGroup(headings.data)
    .addOption(movedDataFolder)
    .optionsGroup(headings.output)
    .addOption(json)
    .addHelpText("after", "\nExample:\n  coppice resume runs/original");
  command.action(async (run, options) => {
    await withContext({ how: `coppice resume ${run}` }, async (context) => {
      const { dataFolder } = options;
      printRun(await resumeStage(run, { ...context, ...defined({ dataFolder }) }), run, options.json === true);
    });
  });
  return command as unknown as Command;
}
