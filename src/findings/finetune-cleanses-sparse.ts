/**
 * The published finding on Trojaned models: FT leaves an attack success below 20 % from 90 % sparsity on, above it in the
 * dense model, and costs about a point of accuracy up to 95 %.
 *
 *   high(ASR(s)) < 0.2 for all s ≥ 0.9,   low(ASR(0)) ≥ 0.2,   mean over seeds of SA before - SA after ≤ 0.02 for all s ≤ 0.95
 *
 * Symbols    s sparsity · ASR attack success after, low and high the ends of its 95 % interval over seeds · SA accuracy on clean test images
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, figure 6 (numbers read from the figure, attack success over all test images)
 * Reference  none
 * Differs    judged by the same form of the attack success, over all test images; that the backdoor was planted by the default form
 */
import { percentTenths, points } from "../format/index.ts";
import type { BackdoorCell } from "../record/backdoor-experiment.ts";
import type { SummaryRecord } from "../record/experiment.ts";
import { summarize } from "../statistics/statistics.ts";
import { cleansed, isPlanted, modelName, planted } from "./backdoor-limits.ts";
import type { BackdoorFinding, Judgement } from "./finding.ts";

const sparse = 0.9;
/** Up to that sparsity clean accuracy is published to stay. */
const kept = 0.95;
/** Published are losses of 0.4 to 1.1 points: "about a point". */
const margin = 0.02;

const attack = "badnets";

export const finetuneCleansesSparse: BackdoorFinding = {
  name: "finetune-cleanses-sparse",
  attack,
  claim:
    "forgetting the poisoned images by FT removes the backdoor from sparse models, not from dense ones, and keeps the clean accuracy",
  published:
    "attack success 99.9 to 46.8 % dense, to 15.4, 14.4 and 11.1 % at 90, 95 and 99 % sparsity, clean accuracy kept within about 1 point up to 95 % (Jia et al., NeurIPS 2023, figure 6)",
  select: (cells) => {
    const own = cells.filter((cell) => cell.attack === attack && cell.label === "FT");
    return own.some(({ sparsity }) => sparsity >= sparse) ? own : [];
  },
  judge: (cells) => {
    const ended = cells.flatMap((cell) => endedOf(cell));
    if (ended.length === 0) return { ours: "no values", verdict: "not testable at this scale" };
    const values = cells.filter(({ ASRReference }) => ASRReference !== undefined).map(valuesOf);
    const { reason, verdict } = verdictOn(cells, ended);
    return { ours: [...values, reason].join("; "), verdict };
  },
};

/** A cell whose cleanses ended, at least one. */
interface Ended {
  readonly sparsity: number;
  readonly after: SummaryRecord;
  /** Of clean accuracy, seed by seed. */
  readonly loss: SummaryRecord;
}

interface Reasoned extends Pick<Judgement, "verdict"> {
  readonly reason: string;
}

function endedOf({ sparsity, ASRReference, repetitions }: BackdoorCell): Ended[] {
  if (ASRReference === undefined) return [];
  return [
    { sparsity, after: ASRReference, loss: summarize(repetitions.map(({ before, after }) => before.SA - after.SA)) },
  ];
}

function verdictOn(cells: readonly BackdoorCell[], ended: readonly Ended[]): Reasoned {
  if (!cells.every(isPlanted)) {
    return untestable(`not every model has an attack success above ${planted} before, as it must for a verdict`);
  }
  const dense = ended.find(({ sparsity }) => sparsity === 0);
  if (dense === undefined) return untestable("no dense model to compare with");
  if (ended.some(({ after: { n } }) => n < 2)) return untestable("a single seed has no interval to judge by");
  const high = ended.filter(({ sparsity }) => sparsity >= sparse);
  if (high.length === 0) return untestable("no sparse model was cleansed to its end");
  const failed = contradictions(ended, high, dense);
  if (failed.length > 0) return { reason: failed.join(", "), verdict: "not reproduced" };
  const undecided = [...high, dense].filter(({ after }) => low(after) < cleansed && top(after) >= cleansed);
  if (undecided.length > 0) {
    const where = undecided.map(({ sparsity }) => placeOf(sparsity)).join(", ");
    return untestable(`the interval of the attack success after holds ${cleansed}: ${where}`);
  }
  return {
    reason: `every interval of the attack success after is on its side of ${cleansed}, and no model up to sparsity ${kept} loses more than ${points(margin)} of clean accuracy on average`,
    verdict: "reproduced",
  };
}

function untestable(reason: string): Reasoned {
  return { reason, verdict: "not testable at this scale" };
}

/** What speaks against the claim for sure. */
function contradictions(ended: readonly Ended[], high: readonly Ended[], dense: Ended): string[] {
  const works = high.filter(({ after }) => low(after) >= cleansed);
  const costly = ended.filter(({ sparsity, loss }) => sparsity <= kept && loss.mean > margin);
  const losses = costly.map(({ sparsity, loss }) => `${points(loss.mean)} ${placeOf(sparsity)}`).join(", ");
  return [
    ...works.map(({ sparsity }) => `the backdoor stays ${placeOf(sparsity)}`),
    ...(top(dense.after) < cleansed ? ["it goes from the dense model too"] : []),
    ...(costly.length === 0
      ? []
      : [`clean accuracy falls by ${losses} on average, where ${points(margin)} are allowed`]),
  ];
}

function low({ interval, mean }: SummaryRecord): number {
  return interval?.[0] ?? mean;
}

function top({ interval, mean }: SummaryRecord): number {
  return interval?.[1] ?? mean;
}

function placeOf(sparsity: number): string {
  return sparsity === 0 ? "in the dense model" : `at sparsity ${sparsity}`;
}

/** Percent; the interval of what is judged by it. */
function valuesOf({ sparsity, ASRReferenceBefore, ASRReference, SABefore, SA }: BackdoorCell): string {
  const success = `attack success ${shareOf(ASRReferenceBefore?.mean)} to ${shareOf(ASRReference?.mean)} %`;
  const interval = ASRReference?.interval;
  const held = interval ? ` (${interval.map(shareOf).join(" to ")})` : "";
  const accuracy = `clean accuracy ${shareOf(SABefore?.mean)} to ${shareOf(SA?.mean)} %`;
  return `${modelName(sparsity)}: ${success}${held}, ${accuracy}, n = ${SA?.n ?? 0}`;
}

/** A share ends at 0 and 1, and so does its interval. */
function shareOf(share: number | undefined): string {
  return share === undefined ? "unknown" : percentTenths(Math.min(1, Math.max(0, share)));
}
