/**
 * One model cleansed in several ways: as it is and pruned to some sparsities, by some methods.
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, section 6: prune first, then unlearn the poisoned images
 */
import { copyFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { CleanseRecord, CleanseComparisonRecord } from "../../record/index.ts";
import { cleanseRecordSchema, formerNamesOf } from "../../record/index.ts";
import { methodNamed, type OptionValues, readsTrainingImages } from "../../unlearn/index.ts";
import { expectRange } from "../../util/assert.ts";
import { CoppiceError, invariant } from "../../util/errors.ts";
import { readJson, writeJson } from "../../util/files.ts";
import { classWarnings, prepareCleanse, type Suspects } from "../../stages/cleanse.ts";
import type { ForgetConfig } from "../../stages/config.ts";
import { environmentRecord } from "../../stages/environment.ts";
import { checkResultsFolder, jobsFolderNames } from "../../stages/output.ts";
import { checkPrunable } from "../../stages/prune.ts";
import { RunFolder } from "../../stages/run-folder.ts";
import { now } from "../../stages/stage.ts";
import { givenListJob, givenRunJob } from "../../jobs/stage-jobs/given-job.ts";
import { JobStore } from "../../jobs/job-store.ts";
import { completeJobs, type JobsContext } from "../../jobs/run-jobs.ts";
import { defined } from "../../util/defined.ts";
import { cleanseJob, detectedFile, detectJob, pruneJob, type StageJob } from "../../jobs/stage-jobs/index.ts";

export interface CleanseComparisonSpec {
  /** Of a single cleanse, but for the method and for what is forgotten. */
  readonly config: Omit<ForgetConfig, "method" | "options" | "request" | "cleanse">;
  readonly suspects: Suspects;
  /** In [0, 1); 0 is the model as it is. */
  readonly sparsities: readonly number[];
  readonly methods: ReadonlyArray<{ readonly method: string; readonly options: OptionValues }>;
}

interface Cell {
  readonly base: StageJob;
  readonly cleanse: StageJob;
}

interface SuspectList {
  readonly job: StageJob;
  /** Its name in the job's folder. */
  readonly name: string;
}

/**
 * Runs the unfinished jobs of the comparison in the folder `out`, together with other processes that share it, and writes `cleanse-comparison.json`, and `suspects.csv` where
 * a detector found them. Every pruned and every cleansed model is a separate run below `done/`.
 * @throws CoppiceError for settings, suspects, data and models with which it cannot be done (then `out` is untouched); E_CONFIG when a part failed: the rest
 *   is done, and the next call tries that part again. Interrupted when asked to stop
 */
export async function runCleanseComparison(
  spec: CleanseComparisonSpec,
  out: string,
  context: JobsContext,
): Promise<CleanseComparisonRecord> {
  await checkComparison(spec, out, context);
  const model = modelOf(spec);
  const list = listOf(spec, model);
  const cells = cellsOf(spec, model, list);
  const store = new JobStore(out);
  await completeJobs(
    cells.map(({ cleanse }) => cleanse),
    store,
    context,
  );
  const records = cells.map(({ cleanse }) =>
    store.read(cleanse.key, (folder) => readJson(join(folder, "cleanse.json"), cleanseRecordSchema)),
  );
  const record = recordOf(cells, records, { device: spec.config.device, command: context.command });
  if (spec.suspects.kind === "detect" && list !== null) {
    store.read(list.job.key, (folder) => copyFileSync(join(folder, list.name), join(out, list.name)));
  }
  writeJson(join(out, "cleanse-comparison.json"), record);
  return record;
}

async function checkComparison(
  { config, suspects, sparsities, methods }: CleanseComparisonSpec,
  out: string,
  context: JobsContext,
): Promise<void> {
  if (RunFolder.holdsRun(out)) {
    throw new CoppiceError("E_CONFIG", `${out}: expected a folder that is new or of several cleanses, got a run`, {
      hint: "choose another folder with --out",
    });
  }
  const own = ["cleanse-comparison.json", ...formerNamesOf("cleanse-comparison.json"), ...jobsFolderNames];
  checkResultsFolder(out, own, [config.model, config.data.folder]);
  for (const sparsity of sparsities) expectRange("sparsities", sparsity, 0, 1, true);
  expectDistinct("sparsities", sparsities);
  expectDistinct(
    "method",
    methods.map(({ method }) => method),
  );
  const warnings = new Set<string>();
  for (const way of methods) {
    const { parent, split } = await prepareCleanse({ ...config, ...way }, suspects, context);
    if (suspects.kind === "ids") for (const warning of classWarnings(parent, split)) warnings.add(warning);
    if (sparsities.some((sparsity) => sparsity > 0)) checkPrunable(parent);
  }
  for (const warning of warnings) context.log(`warning: ${warning}`);
}

function expectDistinct(name: string, values: ReadonlyArray<string | number>): void {
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (values.length > 0 && twice === undefined) return;
  throw new CoppiceError(
    "E_ARG",
    `${name}: expected one value or more, each once, got ${twice === undefined ? "none" : `${twice} twice`}`,
  );
}

function modelOf({ config: { model: path } }: CleanseComparisonSpec): StageJob {
  const { kind, name } = RunFolder.open(path).requireFinished();
  return givenRunJob(path, kind === "prune" ? "prune" : "train", name);
}

/** Null where no method reads it. */
function listOf({ config, suspects, methods }: CleanseComparisonSpec, model: StageJob): SuspectList | null {
  const isRead = methods.some(({ method }) => readsTrainingImages(methodNamed(method)));
  if (!isRead || suspects.kind === "none") return null;
  if (suspects.kind === "ids") return { job: givenListJob(suspects.file, model), name: basename(suspects.file) };
  const { kind: _, ...detecting } = suspects;
  const { data, seed, device } = config;
  const job = detectJob(`suspects of ${suspects.detector}`, model, { ...detecting, data, seed, device });
  return { job, name: detectedFile };
}

/** In the order of the table. */
function cellsOf(
  { config, suspects, sparsities, methods }: CleanseComparisonSpec,
  model: StageJob,
  list: SuspectList | null,
): Cell[] {
  const { model: _, ...common } = config;
  const { data, seed, device, engine, precision } = common;
  const pruning = { pruner: "omp", data, seed, device, ...(engine && { engine }), ...(precision && { precision }) };
  const cleanse = suspects.kind === "detect" ? { detector: suspects.detector } : {};
  return sparsities.flatMap((sparsity) => {
    const base = sparsity === 0 ? model : pruneJob(`prune to sparsity ${sparsity}`, model, { ...pruning, sparsity });
    return methods.map((way) => {
      const title = `${way.method} from ${sparsity === 0 ? model.title : `sparsity ${sparsity}`}`;
      const read = readsTrainingImages(methodNamed(way.method)) ? list : null;
      const given = read === null ? { suspects: null } : { suspects: read.job, list: read.name };
      return { base, cleanse: cleanseJob(title, { from: base, ...given }, { ...common, cleanse, ...way }) };
    });
  });
}

function recordOf(
  cells: readonly Cell[],
  records: readonly CleanseRecord[],
  { device, command }: { readonly device: string; readonly command: readonly string[] },
): CleanseComparisonRecord {
  const rated = records.filter(({ DER }) => DER !== undefined);
  const best = rated.toSorted((a, b) => (b.DER?.value ?? 0) - (a.DER?.value ?? 0))[0];
  const [first] = records;
  invariant(first !== undefined, "a comparison has a cleanse");
  const { attack, classNames, traceImages, previews } = best ?? first;
  const suspects = records.find((record) => record.suspects !== undefined)?.suspects;
  const places = cells.map(({ base, cleanse }) => [join("done", base.key), join("done", cleanse.key)] as const);
  return {
    format: "coppice-cleanse-comparison",
    version: 1,
    createdAt: now(),
    command: [...command],
    ...defined({ attack, suspects }),
    classNames,
    cleanses: records.map(({ run, before, DER, suspects: read, trace }, i) => ({
      run: { ...run, path: places[i]?.[1] ?? run.path },
      before: { ...before, path: places[i]?.[0] ?? before.path },
      ...defined({ DER, suspects: read }),
      trace,
    })),
    ...(best === undefined ? {} : { best: records.indexOf(best) }),
    traceImages,
    previews,
    notes: [...new Set(records.flatMap(({ notes }) => notes))],
    environment: environmentRecord(device),
  };
}
