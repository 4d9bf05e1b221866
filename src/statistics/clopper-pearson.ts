/**
 * The exact confidence interval of a proportion: every p that a two-sided binomial test would not reject.
 *
 *   lower: I_p(k, n - k + 1) = α/2,     upper: I_p(k + 1, n - k) = 1 - α/2
 *
 * Symbols    k hits of n · α = 1 - confidence · I regularised incomplete beta function
 * Source     Clopper and Pearson, Biometrika 26 (1934)
 * Reference  scipy.stats.binomtest(k, n).proportion_ci(method="exact")
 * Differs    no known difference
 */
import { expectInteger, expectRange } from "../util/assert.ts";
import { incompleteBeta } from "./incomplete-beta.ts";

/**
 * The interval for `hits` of `count`, both ends 0 to 1.
 *
 * @param hits 0 to count
 * @param count ≥ 1
 * @param confidence 0 to 1, default 0.95
 * @throws CoppiceError E_ARG
 */
export function clopperPearson(hits: number, count: number, confidence = 0.95): [lower: number, upper: number] {
  expectInteger("clopperPearson.count", count, { min: 1 });
  expectInteger("clopperPearson.hits", hits, { min: 0, max: count });
  expectRange("clopperPearson.confidence", confidence, 0, 1, true);
  const tail = (1 - confidence) / 2;
  return [
    hits === 0 ? 0 : quantile(tail, hits, count - hits + 1),
    hits === count ? 1 : quantile(1 - tail, hits + 1, count - hits),
  ];
}

/** The x at which I_x(a, b) = probability: bisection until the ends are neighbours. */
function quantile(probability: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (incompleteBeta(middle, a, b) < probability) low = middle;
    else high = middle;
  }
}
