import { Command } from "@commander-js/extra-typings";
import Table from "cli-table3";
import { architectures } from "../../models/index.ts";
import { print, printJson } from "../output.ts";

/** `coppice models`: the architectures. */
export function modelsCommand(): Command {
  const command = new Command("models")
    .summary("list the architectures")
    .description("List the architectures.")
    .option("--json", "print the list as JSON")
    .addHelpText("after", "\nExample:\n  coppice models --json");
  command.action((options) => {
    const rows = architectures.map(({ name, description, parameterCount, stems = ["cifar"] }) => {
      return { arch: name, description, parameterCount, stems };
    });
    if (options.json === true) return printJson(rows);
    const table = new Table({
      head: ["architecture", "parameters", "stems", "description"],
      style: { head: [], border: [] },
    });
    for (const { arch, parameterCount, stems, description } of rows)
      table.push([arch, parameterCount, stems.join(", "), description]);
    print(table.toString());
  });
  return command as unknown as Command;
}
