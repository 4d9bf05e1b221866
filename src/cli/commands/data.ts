import { Command } from "@commander-js/extra-typings";
import Table from "cli-table3";
import { downloadDataset } from "../../data/download.ts";
import { datasets } from "../../data/registry.ts";
import { withContext } from "../context.ts";

/** `coppice data`: what is there, and how to get it. */
export function dataCommand(): Command {
  const command = new Command("data").description("list the data sets, or download one");
  command
    .command("list", { isDefault: true })
    .description("list the data sets and where they are on this machine")
    .option("--json", "for machines")
    .action((options) => {
      const rows = datasets.map(({ name, title, description, find }) => ({
        name,
        title,
        description,
        found: find() ?? null,
      }));
      if (options.json === true) {
        console.log(JSON.stringify(rows, null, 2));
        return;
      }
      const table = new Table({
        head: ["name", "found at", "description"],
        style: { head: [], border: [] },
        colWidths: [null, null, 60],
        wordWrap: true,
      });
      for (const { name, description, found } of rows)
        table.push([name, found ?? `not found: coppice data get ${name}`, description]);
      console.log(table.toString());
    });
  const get = command
    .command("get")
    .description("download the official files of a data set, resuming what was begun")
    .argument("<name>", "data set")
    .option("--folder <folder>", "data folder (default: COPPICE_DATA, else a folder in the user's cache)")
    .addHelpText("after", "\nExample:\n  coppice data get cifar10");
  get.action(async (name, options) => {
    await withContext({ how: `coppice data get ${name}` }, async ({ signal, progress }) => {
      const { folder, downloaded, present } = await downloadDataset(name, {
        ...(options.folder === undefined ? {} : { folder: options.folder }),
        onProgress: ({ file, receivedBytes, totalBytes }) => progress.show(received(file, receivedBytes, totalBytes)),
        ...(signal === undefined ? {} : { signal }),
      });
      progress.end();
      console.log(`${name} is in ${folder}: ${downloaded.length} files downloaded, ${present.length} there before`);
    });
  });
  return command as unknown as Command;
}

function received(file: string, bytes: number, total: number | null): string {
  const mebibytes = (count: number): string => (count / 2 ** 20).toFixed(1);
  return `${file}: ${mebibytes(bytes)} of ${total === null ? "an unknown number of" : mebibytes(total)} MiB`;
}
