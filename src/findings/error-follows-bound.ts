/**
 * Proposition 2, tried: does the error of unlearning by gradient ascent go with the bound?
 *
 * Source     Jia et al., NeurIPS 2023, arXiv:2304.04934, proposition 2
 * Reference  none
 * Differs    the proposition gives an order, so that correlations are judged; they are over sparsities and seeds, which share originals: their
 *            intervals, which take points for independent, are too narrow rather than too wide
 */
import { plural, signed } from "../format/index.ts";
import type { FindingRecord } from "../record/experiment.ts";
import type { TheoryRecord } from "../record/index.ts";
import type { Finding } from "./finding.ts";
import { jia } from "./grid.ts";

type Correlation = TheoryRecord["correlations"][number];

export interface TheoryResults {
  /** One for each optimiser; one over all of them, whose steps differ in kind, is not judged. */
  readonly correlations: readonly Correlation[];
  /** How many originals of each optimiser there are; of one nothing is judged. */
  readonly seeds: number;
}

export const errorFollowsBound: Finding<TheoryResults> = {
  name: "error-follows-bound",
  claim:
    "the error of unlearning by gradient ascent is of the order of η² t ‖m⊙(θt − θ0)‖ σ(m), so that it falls as sparsity grows",
  published: `proved as a bound; we had no access to measured numbers (${jia}, proposition 2)`,
  judge: ({ correlations, seeds }) => {
    const own = correlations.filter(({ optimizer }) => optimizer !== "all");
    return {
      ours: `${own.map(describe).join("; ")}; points of ${plural(seeds, "seed")}`,
      verdict: seeds > 1 ? verdictOf(own.map(({ interval }) => interval)) : "not testable at this scale",
    };
  },
};

/** Its own rule, for single correlations rather than seeds: reproduced if every interval lies above zero, not reproduced if one lies below. */
function verdictOf(intervals: readonly Correlation["interval"][]): FindingRecord["verdict"] {
  const known = intervals.filter((interval) => interval !== null);
  if (known.some(([, high]) => high < 0)) return "not reproduced";
  const all = known.length > 0 && known.length === intervals.length && known.every(([low]) => low > 0);
  return all ? "reproduced" : "not testable at this scale";
}

function describe({ optimizer, pearson, interval, n }: Correlation): string {
  const range =
    interval === null ? "no interval" : `95 % interval ${interval.map((end) => signed(end, 2)).join(" to ")}`;
  return `${optimizer}: correlation of bound and error ${pearson === null ? "none" : signed(pearson, 2)} (${range}, n = ${n} points)`;
}
