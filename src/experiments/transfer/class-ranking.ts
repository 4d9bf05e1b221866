/**
 * Which source classes are worth least to a target, in two ways.
 *
 *   counts      s_c = |{ x : argmax f(x) = c }| / M            one pass of the source f over the target's M training images
 *   leave-out   v_c = A(all classes) - A(all but c)            one forgetting and one transfer for each class; A accuracy on held-out target images
 *
 * Ties of counts are broken by the mean probability of the class. The test images are never looked at.
 *
 * Source     counts: label mapping, Zhang et al., NeurIPS 2023, arXiv:2310.08782; leave-out: class influence by counterfactuals, Jain et al.,
 *            CVPR 2023, arXiv:2207.05739
 * Differs    Jain et al. average over thousands of sources trained on random halves of the classes; here each class is left out once, by unlearning
 */
import { join } from "node:path";
import { z } from "zod";
import type { ClassRanking, RankingKind } from "../../record/index.ts";
import { scope } from "../../torch/index.ts";
import { predict } from "../../train/index.ts";
import { invariant } from "../../util/errors.ts";
import { mean } from "../../util/lists.ts";
import { makeFolder, readJson, writeJson } from "../../util/files.ts";
import { jsonHash } from "../../util/hash.ts";
import { codeVersion } from "../../jobs/code-version.ts";
import type { Job } from "../../jobs/job.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import type { StageJob } from "../../jobs/stage-jobs/index.ts";
import { openModel } from "../../stages/open-model.ts";
import { RunFolder } from "../../stages/run-folder.ts";
import type { StageContext } from "../../stages/stage.ts";
import { openSource } from "../../stages/transfer/source-model.ts";
import { probeMethod, removalJob, sourceJob, targetJob, type PreparedTransfer } from "./transfer-jobs.ts";
import type { TransferSpec } from "./transfer-spec.ts";
import { defined } from "../../util/defined.ts";
import { fitChannels } from "../../stages/transfer/transfer.ts";

/** Share of the target's training images that classes are valued on. */
const heldOutShare = 0.2;
const FILE = "counts.json";

const countsSchema = z.object({
  counts: z.array(z.number()),
  probabilities: z.array(z.number()),
  images: z.number(),
  seconds: z.number(),
});
type Counts = z.infer<typeof countsSchema>;

/** The jobs of a ranking, and how to read it when they are done. */
export interface RankingJobs {
  readonly jobs: readonly Job[];
  /** @returns numbers of all source classes, that of the lowest value first, and the record of it */
  readonly read: (store: JobStore) => { readonly order: number[]; readonly ranking: ClassRanking };
}

/** @param classNames the source's */
export function rankingJobs(spec: PreparedTransfer, by: RankingKind, classNames: readonly string[]): RankingJobs {
  const counting = spec.seeds.map((seed) => countJob(spec, sourceJob(spec, seed)));
  const leaving = by === "counts" ? [] : spec.seeds.map((seed) => leaveOutJobs(spec, seed, classNames.length));
  const transfers = leaving.flatMap(({ all, without }) => [all, ...without]);
  return {
    jobs: [...counting, ...transfers.flatMap(({ after }) => after), ...transfers],
    read: (store) => {
      const counts = counting.map(({ key }) => readJson(join(store.folderOf(key), FILE), countsSchema));
      const values = leaving.map((jobs) => leaveOutValues(jobs, store));
      const classes = classNames.map((name, i) => ({
        name,
        share: mean(counts.map((each) => (each.counts[i] ?? 0) / each.images)),
        probability: Math.min(1, mean(counts.map(({ probabilities }) => probabilities[i] ?? 0))),
        ...(by === "counts" ? {} : { leaveOut: mean(values.map((each) => each[i] ?? 0)) }),
      }));
      const order = classRanks(classes);
      const ranked = order.map((i) => classes[i]).filter((each) => each !== undefined);
      return { order, ranking: { by, classes: ranked, ...costOf(counting, counts, leaving, store) } };
    },
  };
}

/** Places of the classes, that of the lowest value first: by what was left out where that is known, else by share, then by probability. */
export function classRanks(
  classes: readonly { readonly share: number; readonly probability: number; readonly leaveOut?: number | undefined }[],
): number[] {
  const at = (i: number): readonly number[] => {
    const { leaveOut = 0, share = 0, probability = 0 } = classes[i] ?? {};
    return [leaveOut, share, probability];
  };
  const compare = (a: readonly number[], b: readonly number[]): number =>
    a.map((value, i) => value - (b[i] ?? 0)).find((difference) => difference !== 0) ?? 0;
  return [...classes.keys()].toSorted((a, b) => compare(at(a), at(b)) || a - b);
}

interface LeaveOut {
  readonly all: StageJob;
  readonly without: readonly StageJob[];
}

function leaveOutJobs(spec: PreparedTransfer, seed: number, numClasses: number): LeaveOut {
  const transfer = (from: StageJob): StageJob => targetJob(spec, from, seed, heldOutShare);
  const classes = Array.from({ length: numClasses }, (_, i) => i);
  return {
    all: transfer(sourceJob(spec, seed)),
    without: classes.map((label) => transfer(removalJob(spec, probeMethod(spec), [label], seed))),
  };
}

function heldOut({ key }: StageJob, store: JobStore): { accuracy: number; images: number } {
  const { result, split } = RunFolder.open(store.folderOf(key)).requireFinished();
  invariant(result.validationAccuracy !== undefined, "a transfer with held-out images is scored on them");
  return { accuracy: result.validationAccuracy, images: split.counts.validation };
}

function leaveOutValues({ all, without }: LeaveOut, store: JobStore): number[] {
  const { accuracy } = heldOut(all, store);
  return without.map((job) => accuracy - heldOut(job, store).accuracy);
}

function costOf(
  counting: readonly Job[],
  counts: readonly Counts[],
  leaving: readonly LeaveOut[],
  store: JobStore,
): Omit<ClassRanking, "by" | "classes"> {
  const secondsOf = (jobs: readonly Job[]): number => jobs.reduce((sum, { key }) => sum + store.done(key).seconds, 0);
  const [first] = leaving;
  const cost = { images: counts[0]?.images ?? 0, countSeconds: secondsOf(counting) };
  if (first === undefined) return cost;
  const forgets = leaving.flatMap(({ without }) => without.flatMap(({ after }) => after));
  const transfers = leaving.flatMap(({ all, without }) => [all, ...without]);
  const leaveOutSeconds = secondsOf([...forgets, ...transfers]);
  return { ...cost, leaveOutSeconds, leaveOutImages: heldOut(first.all, store).images };
}

/** Counts what the source takes the target's training images for. */
function countJob({ target, device }: TransferSpec, source: StageJob): Job {
  const { folder: _, ...what } = target;
  const key = jsonHash({
    kind: "count-classes",
    target: what,
    device,
    source: source.key,
    code: codeVersion("experiments/transfer"),
  });
  return {
    key: `count-${key.slice(0, 20)}`,
    title: `${source.title}, classes that it gives the target's images`,
    after: [source],
    perform: async (path, folderOf, context) => {
      const counts = await countClasses(folderOf(source), { target, device }, context);
      makeFolder(path);
      writeJson(join(path, FILE), counts);
    },
  };
}

async function countClasses(
  run: string,
  { target, device }: Pick<TransferSpec, "target" | "device">,
  context: StageContext,
): Promise<Counts> {
  const loaded = await context.data.load(target, device, context.log);
  const { record } = openSource(run);
  const started = performance.now();
  using opened = await openModel(run, { engine: "dense", device });
  const { model } = opened;
  const all = Array.from({ length: loaded.dataset.train.count }, (_, i) => i);
  const images = fitChannels(loaded.train.subset(all, "training part of the target"), loaded, { model });
  const { signal } = context;
  const { logits, labels } = await predict(model, images, defined({ signal }));
  const { numClasses } = record.model;
  const counted = scope(() => ({
    counts: logits.argmax(1).bincount(null, numClasses).toArray(),
    probabilities: logits.softmax(1).meanDim(0).toArray(),
  }));
  logits.dispose();
  labels.dispose();
  return { ...counted, images: images.count, seconds: (performance.now() - started) / 1000 };
}
