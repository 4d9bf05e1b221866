import { Command } from "@commander-js/extra-typings";
import Table from "cli-table3";
import { models } from "../../models/index.ts";

/** `coppice models`: the architectures. */
export function modelsCommand(): Command {
  const command = new Command("models")
    .description("list the architectures")
    .option("--json", "for machines")
    .addHelpText("after", "\nExample:\n  coppice models --json");
  command.action((options) => {
    if (options.json === true) {
      console.log(
        JSON.stringify(
          models.map(({ arch, description, parameterCount, stems }) => ({ arch, description, parameterCount, stems })),
          null,
          2,
        ),
      );
      return;
    }
    const table = new Table({
      head: ["architecture", "parameters", "stems", "description"],
      style: { head: [], border: [] },
    });
    for (const { arch, parameterCount, stems, description } of models)
      table.push([arch, parameterCount, stems.join(", "), description]);
    console.log(table.toString());
  });
  return command as unknown as Command;
}
