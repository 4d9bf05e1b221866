/**
 * Does removing source classes help a target? Classes are removed by unlearning, what is left is transferred, and the accuracy on the target's test
 * images is compared, seed by seed, with that of the whole source and with Retrain on the same classes.
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, transfer learning with source classes removed; Jain et al., CVPR 2023, arXiv:2207.05739
 */
import { join } from "node:path";
import { classNumbers } from "../../data/class-subset.ts";
import type { ClassRanking, TransferRecord } from "../../record/index.ts";
import { writeJson } from "../../util/files.ts";
import { type DataContext, dataRecord, type LoadedData } from "../../stages/data-context.ts";
import { environmentRecord } from "../../stages/environment.ts";
import type { Job } from "../../jobs/job.ts";
import { JobStore } from "../../jobs/job-store.ts";
import { completeJobs, type JobsContext } from "../../jobs/run-jobs.ts";
import { checkResultsFolder, jobsFolderNames } from "../../stages/output.ts";
import { now } from "../../stages/stage.ts";
import { rankingJobs } from "./class-ranking.ts";
import { transferPoint, transferRows } from "./collect-transfer.ts";
import { openSource } from "../../stages/transfer/source-model.ts";
import { type Cell, prepareTransfer, transferCells, type PreparedTransfer } from "./transfer-jobs.ts";
import { defined } from "../../util/defined.ts";
import { checkTransferSpec, type TransferSpec } from "./transfer-spec.ts";

/**
 * Runs the unfinished jobs of the experiment in the folder `out`, together with other processes that share it, and writes `transfer.json`.
 * @throws CoppiceError for settings, sources and targets that do not suit (then `out` is untouched); E_CONFIG when a part failed: the rest is done, and
 *   the next call tries that part again. Interrupted when asked to stop
 */
export async function runTransfer(spec: TransferSpec, out: string, context: JobsContext): Promise<TransferRecord> {
  const run = "run" in spec.source ? spec.source.run : undefined;
  checkResultsFolder(out, ["transfer.json", ...jobsFolderNames], [run, spec.sourceData.folder, spec.target.folder]);
  const source = await sourceOf(spec, context);
  checkTransferSpec(spec, source.classNames);
  const target = targetOf(await context.data.load(spec.target, spec.device, context.log));
  const prepared = prepareTransfer(spec);
  const store = new JobStore(out);
  const { order, ranking } = await removalOrder(prepared, source.classNames, { store, context });
  const cells = transferCells(prepared, order);
  await completeJobs([...forgetting(cells), ...cells.map(({ transfer }) => transfer)], store, context);
  const points = cells.map((cell) => transferPoint(cell, source.classNames, store));
  const { probe, recipe, name, notes, device } = spec;
  const record: TransferRecord = {
    format: "coppice-transfer",
    version: 1,
    name,
    createdAt: now(),
    command: [...context.command],
    source,
    target,
    probe,
    recipe: { ...recipe },
    removalOrder: order.map((label) => source.classNames[label] ?? ""),
    ...defined({ ranking }),
    points,
    rows: transferRows(points),
    notes: [...notes],
    environment: environmentRecord(device),
  };
  writeJson(join(out, "transfer.json"), record);
  return record;
}

/** All removals before all transfers, so that data change hands once. */
function forgetting(cells: readonly Cell[]): Job[] {
  return cells.flatMap(({ forget }) => forget ?? []);
}

async function sourceOf(
  { source, device }: TransferSpec,
  { data, log }: { readonly data: DataContext; readonly log: (message: string) => void },
): Promise<TransferRecord["source"]> {
  if ("run" in source) {
    const { record } = openSource(source.run);
    const { arch } = record.model;
    return { run: source.run, arch, data: record.data.name, classNames: record.data.classNames };
  }
  const { arch, data: config } = source.train;
  const { dataset } = await data.load(config, device, log);
  return { arch, data: dataset.name, classNames: [...dataset.classNames] };
}

function targetOf(loaded: LoadedData): TransferRecord["target"] {
  const { name, digest, classNames, numTrain, numTest, notes } = dataRecord(loaded);
  return { data: name, digest, classNames, numTrain, numTest, notes };
}

async function removalOrder(
  prepared: PreparedTransfer,
  classNames: readonly string[],
  { store, context }: { readonly store: JobStore; readonly context: JobsContext },
): Promise<{ order: number[]; ranking?: ClassRanking }> {
  const { drop } = prepared;
  if (typeof drop !== "string") return { order: classNumbers("drop-classes", classNames, drop) };
  const { jobs, read } = rankingJobs(prepared, drop, classNames);
  await completeJobs(jobs, store, context);
  return read(store);
}
