/** `coppice cleanse`, once or as a comparison: the stages, their reports, and what is printed. */
import { join } from "node:path";
import { type CleanseComparisonSpec, runCleanseComparison } from "../experiments/index.ts";
import {
  cleanseComparisonVerdict,
  cleanseVerdict,
  renderCleanseReport,
  renderCleanseComparisonCsv,
  renderCleanseComparisonReport,
  renderCleanseComparisonTable,
  type Verdict,
} from "../report/index.ts";
import {
  cleanseStage,
  detectStage,
  type ForgetConfig,
  forgetSetOf,
  prepareCleanse,
  readCleanse,
  RunFolder,
  type Suspects,
} from "../stages/index.ts";
import { invariant } from "../util/errors.ts";
import { writeFileAtomic } from "../util/files.ts";
import type { CliContext } from "./context.ts";
import { statusLine } from "./jobs-status.ts";
import { printCleanse, printCleanseComparison } from "./print-cleanse.ts";
import { printDetected } from "./print-detected.ts";
import { printRun } from "./print-run.ts";
import { print, printJson } from "./output.ts";

export interface CleanseOutput {
  readonly out: string;
  readonly json: boolean;
  readonly context: CliContext;
}

/** Cleanses `spec.config.model` itself by the only method of `spec`. */
export async function cleanseOnce(spec: CleanseComparisonSpec, { out, json, context }: CleanseOutput): Promise<void> {
  const { suspects, methods, config: shared } = spec;
  RunFolder.checkFree(out, context.force === true, [shared.model, shared.data.folder]);
  const [method] = methods;
  invariant(method, "a cleanse has a method");
  const config = { ...shared, ...method };
  const request =
    suspects.kind === "detect" ? await detect(config, suspects, { out, json, context }) : { request: suspects };
  const { run, cleanse } = await cleanseStage({ ...config, ...request }, out, context);
  const report = RunFolder.open(out).file("cleansePage");
  writeFileAtomic(report, await renderCleanseReport(cleanse));
  context.progress.end();
  if (json) return printJson(cleanse);
  printRun(run, out, false);
  printCleanse(cleanse);
  printVerdict(cleanseVerdict(cleanse), cleanse.notes, report);
}

/** Every method of `spec` from every sparsity, and one report of them all. */
export async function compareCleanses(
  spec: CleanseComparisonSpec,
  { out, json, context: { confirm, ...context } }: CleanseOutput,
): Promise<void> {
  const [method] = spec.methods;
  if (spec.suspects.kind === "ids" && method !== undefined)
    await confirm?.(forgetSetOf(await prepareCleanse({ ...spec.config, ...method }, spec.suspects, context)));
  const record = await runCleanseComparison(spec, out, { ...context, onStatus: statusLine(context) });
  writeFileAtomic(join(out, "scores.md"), renderCleanseComparisonTable(record));
  writeFileAtomic(join(out, "scores.csv"), renderCleanseComparisonCsv(record));
  for (const { run } of record.cleanses) {
    const folder = RunFolder.open(join(out, run.path));
    const cleanse = readCleanse(folder);
    invariant(cleanse, "a cleanse of a comparison is measured");
    writeFileAtomic(folder.file("cleansePage"), await renderCleanseReport(cleanse));
  }
  const report = join(out, "report.html");
  writeFileAtomic(report, await renderCleanseComparisonReport(record));
  context.progress.end();
  if (json) return printJson(record);
  printCleanseComparison(record);
  printVerdict(cleanseComparisonVerdict(record), record.notes, report);
}

/**
 * Finds the suspects and writes them to a file beside the run's folder, which does not exist yet. Everything that can be refused without
 * knowing them is checked first.
 */
async function detect(
  config: Omit<ForgetConfig, "request">,
  suspects: Extract<Suspects, { readonly kind: "detect" }>,
  { out, json, context }: CleanseOutput,
): Promise<Pick<ForgetConfig, "request" | "cleanse">> {
  await prepareCleanse(config, suspects, context);
  const { model, data, seed, device } = config;
  const { detector, options } = suspects;
  const file = `${out.replace(/\/+$/, "")}.suspects.csv`;
  const found = await detectStage({ model, data, seed, device, detector, options }, file, context);
  if (!json) printDetected(found, file);
  return { request: { kind: "ids", file }, cleanse: { detector } };
}

function printVerdict({ headline, sentences }: Verdict, notes: readonly string[], report: string): void {
  print(`\n${[headline, ...sentences].join(" ")}`);
  for (const note of notes) print(`note: ${note}`);
  print(`report: ${report}`);
}
