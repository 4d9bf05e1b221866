/**
 * The published finding on Trojaned models, tried on a grid: FT leaves an attack success below 20 % from 90 % sparsity on, and costs
 * about a point of accuracy up to 95 %.
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, figure 6 (numbers read from the figure, attack success over all test images)
 * Reference  none
 * Differs    judged by the same form of the attack success, over all test images
 */
import type { CleansingCell, CleansingRecord } from "../../record/cleansing.ts";
import type { SummaryRecord } from "../../record/experiment.ts";

/** Below that a Trojaned model carries nothing to cleanse. */
const planted = 0.95;
const cleansed = 0.2;
const sparse = 0.9;

type FindingRecord = CleansingRecord["findings"][number];

/** What was published is of this attack. */
const attack = "badnets";

/** None where no sparse model was cleansed by FT. */
export function cleansingFindings(cells: readonly CleansingCell[]): FindingRecord[] {
  const own = cells.filter((cell) => cell.attack === attack && cell.label === "FT");
  if (!own.some(({ sparsity }) => sparsity >= sparse)) return [];
  return [
    {
      attack,
      claim: "forgetting the poisoned records by FT removes the backdoor from sparse models, not from dense ones",
      published:
        "attack success 99.9 to 46.8 % dense, to 15.4, 14.4 and 11.1 % at 90, 95 and 99 % sparsity, clean accuracy kept within about 1 point up to 95 % (Jia et al., NeurIPS 2023, figure 6)",
      ...judged(own),
    },
  ];
}

function judged(cells: readonly CleansingCell[]): Pick<FindingRecord, "ours" | "verdict"> {
  const known = cells.filter(({ ASRReference }) => ASRReference !== undefined);
  const each = known.map(
    ({ sparsity, ASRReferenceBefore, ASRReference, SABefore, SA }) =>
      `sparsity ${sparsity}: attack success ${inWords(ASRReferenceBefore)} to ${inWords(ASRReference)}, clean accuracy ${inWords(SABefore)} to ${inWords(SA)}`,
  );
  const ours = each.length === 0 ? "no values" : each.join("; ");
  const notPlanted = known.some(({ ASRReferenceBefore }) => (ASRReferenceBefore?.mean ?? 0) < planted);
  if (known.length === 0 || notPlanted) {
    return {
      ours: `${ours}; not every model reaches an attack success of 0.95 before, as it must for a verdict`,
      verdict: "not testable at this scale",
    };
  }
  const high = known.filter(({ sparsity }) => sparsity >= sparse);
  const fell = high.filter(({ ASRReference }) => (ASRReference?.mean ?? 1) < cleansed).length;
  return { ours, verdict: fell === high.length ? "reproduced" : "not reproduced" };
}

function inWords(summary: SummaryRecord | undefined): string {
  if (summary === undefined) return "unknown";
  const { mean, interval, n } = summary;
  const range =
    interval === null ? "" : ` (95 % interval ${interval[0].toFixed(3)} to ${interval[1].toFixed(3)}, n = ${n})`;
  return `${mean.toFixed(3)}${interval === null ? ` (n = ${n})` : range}`;
}
