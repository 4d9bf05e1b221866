/** `coppice experiment`: a grid, or a grid of cleanses, planned or run, written and printed. */
import { join } from "node:path";
import {
  type BackdoorSpec,
  Experiment,
  type ExperimentOptions,
  type GridSpec,
  planBackdoorExperiment,
} from "../experiments/index.ts";
import { type ExperimentRecord, formerNamesOf } from "../record/index.ts";
import { renderBackdoorTable, renderScores, renderTimes } from "../report/index.ts";
import { checkJobsFolder, checkResultsFolder, type DataConfig, jobsFolderNames } from "../stages/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { makeFolder } from "../util/files.ts";
import { defined } from "../util/defined.ts";
import type { CliContext } from "./context.ts";
import { printJobsPlan } from "./print-jobs-plan.ts";
import { runAndWriteBackdoor } from "./write-backdoor.ts";
import { writeExperiment } from "./write-experiment.ts";
import { print, printJson } from "./output.ts";

/** Where the experiment's data and models are, and what is printed. */
export interface ExperimentFlags {
  readonly out: string;
  readonly plan?: true | undefined;
  readonly json?: true | undefined;
  readonly dataFolder?: string | undefined;
  readonly allowUnverified?: true | undefined;
  readonly device: string;
  readonly engine?: "auto" | "dense" | "sparse" | undefined;
}

type Failures = ExperimentRecord["failures"];

/** @returns jobs that failed; none of a plan */
export async function runGrid(
  grid: GridSpec,
  flags: ExperimentFlags,
  jobs: ExperimentOptions,
  context: CliContext,
): Promise<Failures> {
  const experiment = new Experiment(withFlags(grid, flags), jobs);
  if (flags.plan === true) {
    printJobsPlan(await experiment.plan(context));
    return [];
  }
  checkFolders(flags, jobs, "experiment.json");
  makeFolder(flags.out);
  const record = await experiment.run(context);
  await writeExperiment(record, flags.out);
  context.progress.end();
  printExperiment(record, [renderScores(record, "md"), renderTimes(record, "md")], flags);
  return record.failures;
}

/** Likewise. @throws CoppiceError E_ARG for a queue, whose workers know no cleanses */
export async function runBackdoorGrid(
  grid: BackdoorSpec,
  flags: ExperimentFlags,
  jobs: ExperimentOptions,
  context: CliContext,
): Promise<Failures> {
  if (jobs.queue !== undefined) {
    throw new CoppiceError("E_ARG", `--queue: expected a recipe whose jobs workers can do, got ${grid.name}`, {
      hint: "leave it out, and run the same command on several machines that share --jobs",
    });
  }
  const spec = withFlags(grid, flags);
  if (flags.plan === true) {
    printJobsPlan(await planBackdoorExperiment(spec, jobs, context));
    return [];
  }
  checkFolders(flags, jobs, "backdoor-experiment.json");
  const record = await runAndWriteBackdoor(spec, flags.out, jobs, context);
  context.progress.end();
  printExperiment(record, [renderBackdoorTable(record)], flags);
  return record.failures;
}

/** Before anything is written: the folder of results is one, and so is that of jobs. */
function checkFolders({ out, dataFolder }: ExperimentFlags, { store }: ExperimentOptions, record: string): void {
  checkResultsFolder(out, [record, ...formerNamesOf(record), "jobs", ...jobsFolderNames], [dataFolder]);
  checkJobsFolder(store, [dataFolder]);
}

/** The grid on this machine: where its data are, the device and the engine. */
export function withFlags<T extends GridSpec | BackdoorSpec>(
  spec: T,
  { dataFolder, allowUnverified, device, engine }: Omit<ExperimentFlags, "out">,
): T {
  // A folder is where one data set is: a model of another one says itself where that is.
  const placed = (data: DataConfig): DataConfig => ({
    ...data,
    ...(data.name === spec.train.data.name ? defined({ folder: dataFolder }) : {}),
    ...defined({ allowUnverified }),
  });
  const models =
    "models" in spec && spec.models.map(({ data, ...model }) => ({ ...model, ...(data && { data: placed(data) }) }));
  return {
    ...spec,
    ...(models && { models }),
    ...defined({ engine }),
    train: { ...spec.train, data: placed(spec.train.data), device },
  };
}

function printExperiment(record: object, tables: readonly string[], { json, out }: ExperimentFlags): void {
  if (json === true) printJson(record);
  else print(`${tables.join("\n")}\nreport: ${join(out, "report.html")}`);
}
