import { Command } from "@commander-js/extra-typings";
import Table from "cli-table3";
import { downloadDataset } from "../../data/download.ts";
import { datasets } from "../../data/registry.ts";
import { checkOutsideRuns } from "../../stages/index.ts";
import { didYouMean } from "../../util/assert.ts";
import { defined } from "../../util/defined.ts";
import { CoppiceError } from "../../util/errors.ts";
import { shown } from "../../util/shown.ts";
import { withContext } from "../context.ts";
import { print, printJson } from "../output.ts";

/** `coppice data`: which data sets there are, and how to get them. */
export function dataCommand(): Command {
  const command = new Command("data")
    .summary("list the data sets, or download one")
    .description("List the data sets, or download one.");
  command
    .command("list", { isDefault: true })
    .description("list the data sets and where they are on this machine")
    .usage("[options]")
    .argument("[word]") // a misspelled `get`, which would be too many arguments of a command that was not named
    .option("--json", "print the list as JSON")
    .action((word, options) => {
      if (word !== undefined) throw noSuchCommand(word);
      printDatasets(options.json === true);
    });
  const get = command
    .command("get")
    .description("download the official files of a data set; run again, an interrupted download continues")
    .argument("<name>", "data set")
    .option("--folder <folder>", "data folder (default: COPPICE_DATA, else a folder in the user's cache)")
    .addHelpText("after", "\nExample:\n  coppice data get cifar10");
  get.action(async (name, options) => await download(name, options.folder));
  return command as unknown as Command;
}

function noSuchCommand(word: string): CoppiceError {
  const hint = didYouMean(word, ["list", "get"]);
  return new CoppiceError("E_ARG", `coppice data: expected list, or get NAME, got ${shown(word)}`, defined({ hint }));
}

function printDatasets(json: boolean): void {
  const rows = datasets.map(({ name, title, description, find }) => ({
    name,
    title,
    description,
    found: find() ?? null,
  }));
  if (json) return printJson(rows);
  const table = new Table({
    head: ["name", "found at", "description"],
    style: { head: [], border: [] },
    colWidths: [null, null, 60],
    wordWrap: true,
  });
  for (const { name, description, found } of rows)
    table.push([name, found ?? `not found: coppice data get ${name}`, description]);
  print(table.toString());
}

async function download(name: string, folder: string | undefined): Promise<void> {
  if (folder !== undefined) checkOutsideRuns(folder);
  await withContext({ how: `coppice data get ${name}` }, async ({ signal, progress }) => {
    const { downloaded, present, ...done } = await downloadDataset(name, {
      ...defined({ folder, signal }),
      onProgress: ({ file, receivedBytes, totalBytes }) => progress.show(received(file, receivedBytes, totalBytes)),
    });
    progress.end();
    print(`${name} is in ${done.folder}: ${downloaded.length} files downloaded, ${present.length} already there`);
  });
}

/** `train.gz: 3.5 of 25.2 MiB`. */
export function received(file: string, bytes: number, total: number | null): string {
  const mebibytes = (count: number): string => (count / 2 ** 20).toFixed(1);
  return `${file}: ${mebibytes(bytes)} of ${total === null ? "an unknown number of" : mebibytes(total)} MiB`;
}
