import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { reportRecords, RunFolder } from "../../stages/index.ts";
import {
  cleanseComparisonRecordSchema,
  backdoorExperimentRecordSchema,
  experimentRecordSchema,
  formerFiles,
  parseCleanseRecord,
  parseRecord,
  parseSuiteRecord,
  theoryRecordSchema,
  transferRecordSchema,
  tuneRecordSchema,
} from "../../record/index.ts";
import {
  renderCleanseReport,
  renderCleanseComparisonReport,
  renderBackdoorReport,
  renderExperimentReport,
  renderRunReport,
  renderSuiteReport,
  renderTheoryReport,
  renderTransferReport,
  renderTuneReport,
} from "../../report/index.ts";
import { readText, writeFileAtomic } from "../../util/files.ts";

/** What a folder of several runs holds, by the file that says so. */
const ofSeveral: Readonly<Record<string, (text: string, file: string) => Promise<string>>> = {
  "suite.json": (text, file) => renderSuiteReport(parseSuiteRecord(text, file)),
  "experiment.json": (text, file) => renderExperimentReport(parseRecord(experimentRecordSchema, text, file)),
  "cleanse-comparison.json": (text, file) =>
    renderCleanseComparisonReport(parseRecord(cleanseComparisonRecordSchema, text, file)),
  "backdoor-experiment.json": (text, file) =>
    renderBackdoorReport(parseRecord(backdoorExperimentRecordSchema, text, file)),
  "tune.json": (text, file) => renderTuneReport(parseRecord(tuneRecordSchema, text, file)),
  "theory.json": (text, file) => renderTheoryReport(parseRecord(theoryRecordSchema, text, file)),
  "transfer.json": (text, file) => renderTransferReport(parseRecord(transferRecordSchema, text, file)),
};

/** Under the names that some of them had before. */
const former = Object.entries(formerFiles).flatMap(([before, now]) => {
  const render = ofSeveral[now];
  return render === undefined ? [] : [[before, render] as const];
});

/** `coppice report`: one HTML file that opens offline. */
export function reportCommand(): Command {
  const command = new Command("report")
    .summary("write the report of a run, or of many, as one HTML file")
    .description("Write the report of a run, or of many, as one HTML file.")
    .argument(
      "<run>",
      "run folder, or folder of the demo, of several cleanses, of `coppice experiment`, `tune`, `theory` or `transfer`",
    )
    .option("--out <file>", "where to write it (default: report.html in the folder)")
    .addHelpText("after", "\nExample:\n  coppice report runs/forgotten");
  command.action(async (run, options) => {
    const { html, file } = await rendered(run);
    const out = options.out ?? file;
    writeFileAtomic(out, html);
    console.log(out);
  });
  return command as unknown as Command;
}

/** The page, and the file that it goes to by default. */
async function rendered(run: string): Promise<{ html: string; file: string }> {
  for (const [name, render] of [...Object.entries(ofSeveral), ...former]) {
    const record = join(run, name);
    if (!existsSync(record)) continue;
    return { html: await render(readText(record, "E_CHECKPOINT"), record), file: join(run, "report.html") };
  }
  return { html: await runReport(run), file: RunFolder.open(run).file("report") };
}

/** Of a cleanse what became of the backdoor, unless it was evaluated as forgetting since. */
async function runReport(path: string): Promise<string> {
  const run = RunFolder.open(path);
  if (!run.has("cleanse") || run.has("evaluation")) return renderRunReport(reportRecords(path));
  const file = run.file("cleanse");
  return renderCleanseReport(parseCleanseRecord(readText(file, "E_CHECKPOINT"), file));
}
