/**
 * Whether finished runs are of the data that are given now. Their keys leave out where data are: of published ones the checksums say what they are, of
 * others, such as a folder of images, the digest in the record of the run.
 */
import { existsSync } from "node:fs";
import { CoppiceError } from "../util/errors.ts";
import { canonicalJson } from "../util/hash.ts";
import type { DataConfig } from "../stages/config.ts";
import type { DataContext, LoadedData } from "../stages/data-context.ts";
import { originalConfig } from "../stages/recorded-settings.ts";
import { RunFolder } from "../stages/run-folder.ts";
import type { StageContext } from "../stages/stage.ts";
import { inOrder, type Job } from "./job.ts";
import type { JobStore } from "./job-store.ts";
import type { StageJob } from "./stage-jobs/index.ts";

type Given = Pick<LoadedData["dataset"], "digest" | "source">;

/** What was given so far: experiments look more than once, and what they look at may be large. */
const known = new WeakMap<DataContext, Map<string, Given>>();

/**
 * Looks at every finished run that loads data by itself; loads data only where nobody has published what they are.
 * @param only "here": leaves out data that are named by no folder of this machine, for a process that has the jobs done elsewhere
 * @throws CoppiceError E_CONFIG when a run is of other data; E_CHECKPOINT when its record cannot be read
 */
export async function checkJobsData(
  jobs: readonly Job[],
  store: JobStore,
  context: StageContext,
  only: "all" | "here" = "all",
): Promise<void> {
  for (const { key, title, data, train } of inOrder(jobs) as Array<Job & Partial<StageJob>>) {
    if (data === undefined || train === undefined || !store.isDone(key)) continue;
    if (only === "here" && (data.folder === undefined || !existsSync(data.folder))) continue;
    const run = store.read(key, (folder) => RunFolder.open(folder).readRecord());
    if (run.data.verified && !data.allowUnverified) continue;
    const made = originalConfig(run).data.poison?.cleanDigest ?? run.data.digest;
    const given = await givenData(data, train.device, context);
    if (given.digest === made) continue;
    throw new CoppiceError(
      "E_CONFIG",
      `${store.path}: ${title}: expected results of the data that are given, ${given.source} of digest ${given.digest}, got results of ${run.data.name} from ${run.data.source} of digest ${made}`,
      {
        hint: "name the data that the results are of, or a new folder for results with --jobs (--out, where there is no --jobs)",
      },
    );
  }
}

async function givenData(config: DataConfig, device: string, { data, log }: StageContext): Promise<Given> {
  const name = canonicalJson(config);
  const all = known.get(data) ?? new Map<string, Given>();
  known.set(data, all);
  const given = all.get(name) ?? (await data.load(config, device, log)).dataset;
  // Without its images.
  all.set(name, { digest: given.digest, source: given.source });
  return given;
}
