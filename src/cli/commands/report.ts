import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { reportRecords, RunFolder } from "../../experiments/index.ts";
import { parseCleanseRecord, parseSuiteRecord } from "../../record/index.ts";
import { renderCleanseReport, renderRunReport, renderSuiteReport } from "../../report/index.ts";
import { readText, writeFileAtomic } from "../../util/files.ts";

/** `coppice report`: one HTML file that opens offline. */
export function reportCommand(): Command {
  const command = new Command("report")
    .description("write the report of a run, or of a suite of runs, as one HTML file")
    .argument("<run>", "run folder, or folder of a suite")
    .option("--out <file>", "where to write it (default: report.html in the folder)")
    .addHelpText("after", "\nExample:\n  coppice report runs/forgotten");
  command.action(async (run, options) => {
    const suite = join(run, "suite.json");
    const isSuite = existsSync(suite);
    const html = isSuite
      ? await renderSuiteReport(parseSuiteRecord(readText(suite, "E_CHECKPOINT"), suite))
      : await runReport(run);
    const file = options.out ?? (isSuite ? join(run, "report.html") : RunFolder.open(run).file("report"));
    writeFileAtomic(file, html);
    console.log(file);
  });
  return command as unknown as Command;
}

/** Of a cleanse what became of the backdoor, unless it was evaluated as forgetting since. */
async function runReport(path: string): Promise<string> {
  const run = RunFolder.open(path);
  if (!run.has("cleanse") || run.has("evaluation")) return renderRunReport(reportRecords(path));
  const file = run.file("cleanse");
  return renderCleanseReport(parseCleanseRecord(readText(file, "E_CHECKPOINT"), file));
}
