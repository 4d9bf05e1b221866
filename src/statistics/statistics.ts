/**
 * Numbers over repetitions: what a handful of seeds says, and how sure it is.
 *
 *   mean ± t_{n-1} s / √n        paired: the same of the differences, with p = P(|T_{n-1}| ≥ |mean| √n / s)
 *   tanh(atanh r ± 1.96 / √(n - 3))        a correlation of n pairs
 *
 * Symbols    s standard deviation with n - 1 · t the 97.5 % quantile of Student's distribution with n - 1 degrees of freedom
 * Source     Student, Biometrika 1908; DLMF 8.17 (distribution by the incomplete beta function); Fisher, Metron 1921 (correlations)
 * Reference  scipy.stats.t, scipy.stats.ttest_rel
 * Differs    no known difference
 */
import { expectPositive, expectRange } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import { incompleteBeta } from "./incomplete-beta.ts";

export interface Summary {
  readonly mean: number;
  /** With n - 1; null of one value, as its interval is. */
  readonly deviation: number | null;
  /** 95 % interval of the mean. */
  readonly interval: [number, number] | null;
  readonly n: number;
}

const confidence = 0.95;

/** @throws CoppiceError E_DATA for no values, or for one that is not finite */
export function summarize(values: readonly number[]): Summary {
  checkValues(values);
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { mean, deviation: null, interval: null, n };
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const half = (studentQuantile((1 + confidence) / 2, n - 1) * deviation) / Math.sqrt(n);
  return { mean, deviation, interval: [mean - half, mean + half], n };
}

export interface PairedTest extends Summary {
  /** Two-sided; null of one pair, and where all differences are the same. */
  readonly p: number | null;
}

/** Of the differences first - second, pair by pair. @throws CoppiceError E_DATA for lists of different lengths, as summarize */
export function pairedTest(first: readonly number[], second: readonly number[]): PairedTest {
  if (first.length !== second.length) {
    throw new CoppiceError("E_DATA", `paired test: expected as many values, got ${first.length} and ${second.length}`);
  }
  const summary = summarize(first.map((value, i) => value - (second[i] ?? NaN)));
  const { mean, deviation, n } = summary;
  if (deviation === null || deviation === 0) return { ...summary, p: null };
  const t = (Math.abs(mean) * Math.sqrt(n)) / deviation;
  return { ...summary, p: 2 * (1 - studentProbability(t, n - 1)) };
}

/** P(T ≤ t) of Student's distribution. @param freedom > 0 */
export function studentProbability(t: number, freedom: number): number {
  expectPositive("studentProbability.freedom", freedom);
  const tail = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** The t with P(T ≤ t) = p. @param p in (0, 1) */
export function studentQuantile(p: number, freedom: number): number {
  expectRange("studentQuantile.p", p, 0, 1, true);
  expectPositive("studentQuantile.p", p);
  if (p < 0.5) return -studentQuantile(1 - p, freedom);
  let [low, high] = [0, 1];
  while (studentProbability(high, freedom) < p) [low, high] = [high, 2 * high];
  for (let i = 0; i < 200 && high - low > 1e-14 * high; i++) {
    const middle = (low + high) / 2;
    if (studentProbability(middle, freedom) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Pearson's correlation, or null where one of the two does not vary. @throws CoppiceError E_DATA as pairedTest */
export function correlation(first: readonly number[], second: readonly number[]): number | null {
  if (first.length !== second.length) {
    throw new CoppiceError("E_DATA", `correlation: expected as many values, got ${first.length} and ${second.length}`);
  }
  const [a, b] = [summarize(first).mean, summarize(second).mean];
  const sum = (of: (x: number, y: number) => number): number =>
    first.reduce((total, x, i) => total + of(x - a, (second[i] ?? NaN) - b), 0);
  const [xy, xx, yy] = [sum((x, y) => x * y), sum((x) => x * x), sum((_, y) => y * y)];
  return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
}

/**
 * Correlation of the first two with what the third explains linearly taken off both; null where there is none.
 *
 *   (r_xy - r_xz r_yz) / √((1 - r_xz²)(1 - r_yz²))
 */
export function partialCorrelation(
  first: readonly number[],
  second: readonly number[],
  third: readonly number[],
): number | null {
  const [xy, xz, yz] = [correlation(first, second), correlation(first, third), correlation(second, third)];
  if (xy === null || xz === null || yz === null || Math.abs(xz) === 1 || Math.abs(yz) === 1) return null;
  return (xy - xz * yz) / Math.sqrt((1 - xz * xz) * (1 - yz * yz));
}

/** The 97.5 % quantile of the normal distribution. */
const normalQuantile = 1.959963984540054;
/** Fisher's z of a correlation of one is infinite: it is taken as that of this one. */
const nearlyOne = 1 - 1e-9;

/** 95 % interval of a correlation r of n pairs by Fisher's z; null of fewer than four pairs, or on a line. */
export function correlationInterval(r: number, n: number): [number, number] | null {
  if (n < 4 || Math.abs(r) > nearlyOne) return null;
  const half = normalQuantile / Math.sqrt(n - 3);
  return [Math.tanh(Math.atanh(r) - half), Math.tanh(Math.atanh(r) + half)];
}

/**
 * Mean of correlations, one for each repetition, with its interval taken on Fisher's scale, so that it stays within -1 and 1.
 * @throws CoppiceError E_DATA as summarize
 */
export function summarizeCorrelations(values: readonly number[]): Summary {
  const z = (r: number): number => Math.atanh(Math.max(-nearlyOne, Math.min(nearlyOne, r)));
  const { mean, interval, n } = summarize(values.map(z));
  return {
    mean: Math.tanh(mean),
    deviation: summarize(values).deviation,
    interval: interval === null ? null : [Math.tanh(interval[0]), Math.tanh(interval[1])],
    n,
  };
}

function checkValues(values: readonly number[]): void {
  if (values.length === 0) throw new CoppiceError("E_DATA", "summary: expected values, got none");
  const odd = values.find((value) => !Number.isFinite(value));
  if (odd !== undefined) throw new CoppiceError("E_DATA", `summary: expected finite values, got ${odd}`);
}
