import { Command } from "@commander-js/extra-typings";
import Table from "cli-table3";
import { forgotten } from "../../library/index.ts";
import { printable } from "../../util/index.ts";
import { forgetFlags, headings, json } from "../flags.ts";
import { namingFlags } from "../option-names.ts";
import { print, printJson } from "../output.ts";

/** `coppice forgotten`: whether images that are asked about by id were forgotten. */
export function forgottenCommand(): Command {
  const command = new Command("forgotten")
    .summary("tell whoever holds ids which of them a run has forgotten")
    .description(
      "Tell of each id in a file whether the run has forgotten it, was trained on it, validated or tested with it, or does not know it. The data are not needed: a run keeps salted digests of ids, and no ids.",
    )
    .argument("<run>", "run folder")
    .optionsGroup(headings.forget)
    .requiredOption("--ids <file>", "the images asked about, by id in a CSV or JSON file")
    .addOption(forgetFlags.idColumn)
    .addOption(forgetFlags.where)
    .optionsGroup(headings.output)
    .addOption(json)
    .addHelpText(
      "after",
      `
Exit code 0 when every id was looked up, whatever came out; 1 when the run or the file cannot be read.

Example:
  coppice forgotten runs/forgotten --ids asked.csv`,
    );
  command.action(async (run, options) => {
    const { ids: file, idColumn, where } = options;
    const rows = await namingFlags(() => forgotten(run, { file, idColumn, where }));
    if (options.json === true) return printJson(rows);
    const table = new Table({ head: ["id", "in this run"], style: { head: [], border: [], compact: true } });
    for (const { id, standing } of rows) table.push([printable(id), standing]);
    print(table.toString());
    const counts = new Map<string, number>();
    for (const { standing } of rows) counts.set(standing, (counts.get(standing) ?? 0) + 1);
    print([...counts].map(([standing, count]) => `${count} ${standing}`).join(", "));
  });
  return command as unknown as Command;
}
