import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { reportRecords, RunFolder } from "../../stages/index.ts";
import {
  cleanseSeriesRecordSchema,
  cleansingRecordSchema,
  experimentRecordSchema,
  parseCleanseRecord,
  parseRecord,
  theoryRecordSchema,
  transferRecordSchema,
  tuneRecordSchema,
} from "../../record/index.ts";
import {
  renderCleanseReport,
  renderCleanseSeriesReport,
  renderCleansingReport,
  renderExperimentReport,
  renderRunReport,
  renderTheoryReport,
  renderTransferReport,
  renderTuneReport,
} from "../../report/index.ts";
import { CoppiceError } from "../../util/errors.ts";
import { readText, writeFileAtomic } from "../../util/files.ts";

/** What a folder of several runs holds, by the file that says so. */
const ofSeveral: Readonly<Record<string, (text: string, file: string) => Promise<string>>> = {
  "experiment.json": (text, file) => renderExperimentReport(parseRecord(experimentRecordSchema, text, file)),
  "cleanses.json": (text, file) => renderCleanseSeriesReport(parseRecord(cleanseSeriesRecordSchema, text, file)),
  "cleansing.json": (text, file) => renderCleansingReport(parseRecord(cleansingRecordSchema, text, file)),
  "tune.json": (text, file) => renderTuneReport(parseRecord(tuneRecordSchema, text, file)),
  "theory.json": (text, file) => renderTheoryReport(parseRecord(theoryRecordSchema, text, file)),
  "transfer.json": (text, file) => renderTransferReport(parseRecord(transferRecordSchema, text, file)),
  "suite.json": (_text, file) => Promise.reject(ofOldDemo(file)),
};

/** What to do about a folder of the demo as it was before it was an experiment. */
function ofOldDemo(file: string): CoppiceError {
  return new CoppiceError("E_CHECKPOINT", `${file}: expected experiment.json, got the record of an older demo`, {
    hint: "make the demo again in a new folder: coppice demo --out FOLDER",
  });
}

/** `coppice report`: one HTML file that opens offline. */
export function reportCommand(): Command {
  const command = new Command("report")
    .description("write the report of a run, or of many, as one HTML file")
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
  for (const [name, render] of Object.entries(ofSeveral)) {
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
