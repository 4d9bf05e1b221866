import { Command } from "@commander-js/extra-typings";
import { report } from "../../library/index.ts";
import { print } from "../output.ts";
import { samplesAsked, samplesFlags } from "../samples-flag.ts";

/** `coppice report`: one HTML file that opens offline. */
export function reportCommand(): Command {
  const command = new Command("report")
    .summary("write the report of a run, or of many, as one HTML file")
    .description("Write the report of a run, or of many, as one HTML file.")
    .argument(
      "<run>",
      "run folder, or folder of the demo, of several cleanses, of `coppice experiment`, `tune`, `theory` or `transfer`",
    )
    .option(
      "--out <file>",
      "where to write it (default: report.html in the folder, of a cleanse that was not evaluated cleanse.html)",
    )
    .addOption(samplesFlags.with)
    .addOption(samplesFlags.without)
    .addHelpText("after", "\nExample:\n  coppice report runs/forgotten");
  command.action(async (run, { out, ...options }) => {
    print(await report(run, { out, withSamples: samplesAsked(options) }));
  });
  return command as unknown as Command;
}
