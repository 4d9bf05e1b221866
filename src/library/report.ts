/** `report`: the page of a run, or of a folder of many. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { checkOutputFile, readCleanse, reportRecords, RunFolder } from "../stages/index.ts";
import {
  cleanseComparisonRecordSchema,
  backdoorExperimentRecordSchema,
  experimentRecordSchema,
  formerFiles,
  parseRecord,
  theoryRecordSchema,
  transferRecordSchema,
  tuneRecordSchema,
} from "../record/index.ts";
import {
  renderCleanseReport,
  renderCleanseComparisonReport,
  renderBackdoorReport,
  renderExperimentReport,
  renderRunReport,
  renderTheoryReport,
  renderTransferReport,
  renderTuneReport,
  isPage,
} from "../report/index.ts";
import { defined } from "../util/defined.ts";
import { CoppiceError } from "../util/errors.ts";
import { readText, writeFileAtomic } from "../util/files.ts";
import { pathOf, type RunReference } from "./run.ts";

/** What a folder of several runs holds, by the file that says so. */
const ofSeveral: Readonly<Record<string, (text: string, file: string, options: ReportOptions) => Promise<string>>> = {
  "experiment.json": (text, file, { withSamples }) => {
    const { samples, ...record } = parseRecord(experimentRecordSchema, text, file);
    return renderExperimentReport({ ...record, ...(withSamples === false ? {} : defined({ samples })) });
  },
  "cleanse-comparison.json": (text, file) =>
    renderCleanseComparisonReport(parseRecord(cleanseComparisonRecordSchema, text, file)),
  "backdoor-experiment.json": (text, file) =>
    renderBackdoorReport(parseRecord(backdoorExperimentRecordSchema, text, file)),
  "tune.json": (text, file) => renderTuneReport(parseRecord(tuneRecordSchema, text, file)),
  "theory.json": (text, file) => renderTheoryReport(parseRecord(theoryRecordSchema, text, file)),
  "transfer.json": (text, file) => renderTransferReport(parseRecord(transferRecordSchema, text, file)),
  "suite.json": (_text, file) => Promise.reject(ofFormerDemo(file)),
};

/** The demo was no experiment once; its folders of then have no page any more. */
function ofFormerDemo(file: string): CoppiceError {
  return new CoppiceError("E_CHECKPOINT", `${file}: expected experiment.json, got the record of an older demo`, {
    hint: "make the demo again in a new folder: coppice demo --out FOLDER",
  });
}

/** Under the names that some of them had before. */
const former = Object.entries(formerFiles).flatMap(([before, now]) => {
  const render = ofSeveral[now];
  return render === undefined ? [] : [[before, render] as const];
});

export interface ReportOptions {
  /** File to write. Default `report.html` in the folder; of a cleanse that was not evaluated `cleanse.html`. */
  readonly out?: string | undefined;
  /**
   * Whether the page may show images to be forgotten, as far as the records have kept them. Default: of a run of built-in data, and of an experiment
   * that was asked for them.
   */
  readonly withSamples?: boolean | undefined;
}

/**
 * Writes one HTML file that opens offline: of a run, or of a folder of several cleanses, an experiment, a search, the theory or transfer.
 * It is made of records alone and needs no definition, data or model.
 * @returns the file
 * @throws CoppiceError E_CHECKPOINT when the folder holds no record, or one that is damaged; E_CONFIG when `out` is a file of a run, or one that
 *   is no page of Coppice
 * @example
 * import { report, train } from "coppice";
 *
 * const data = { data: "embedded", numTrain: 200, numTest: 50 };
 * const original = await train({ ...data, arch: "resnet20s", epochs: 1, batchSize: 64 }, "runs/original");
 * console.log(await report(original));
 */
export async function report(run: RunReference, options: ReportOptions = {}): Promise<string> {
  const { html, file } = await rendered(pathOf(run), options);
  const out = options.out ?? file;
  checkOutputFile(out, { what: "a page", isOwn: isPage, replace: true });
  writeFileAtomic(out, html);
  return out;
}

/** The page, and the file that it goes to by default. */
async function rendered(run: string, options: ReportOptions): Promise<{ html: string; file: string }> {
  for (const [name, render] of [...Object.entries(ofSeveral), ...former]) {
    const record = join(run, name);
    if (!existsSync(record)) continue;
    return { html: await render(readText(record, "E_CHECKPOINT"), record, options), file: join(run, "report.html") };
  }
  return await runReport(RunFolder.open(run), options);
}

/** Of a cleanse what became of the backdoor, unless it was evaluated as forgetting since: each page has a name by itself. */
async function runReport(run: RunFolder, { withSamples }: ReportOptions): Promise<{ html: string; file: string }> {
  const cleanse = run.has("evaluation") ? undefined : readCleanse(run);
  if (cleanse !== undefined) return { html: await renderCleanseReport(cleanse), file: run.file("cleansePage") };
  return { html: await renderRunReport(reportRecords(run.path, withSamples)), file: run.file("report") };
}
