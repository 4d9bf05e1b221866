/** Checks of user-given values. Each throws a CoppiceError naming the argument, what was expected and what came. */
import { defined } from "./defined.ts";
import { CoppiceError } from "./errors.ts";
import { shown } from "./shown.ts";

function fail(name: string, expected: string, got: unknown): never {
  throw new CoppiceError("E_ARG", `${name}: expected ${expected}, got ${shown(got)}`);
}

/** `value` must be a finite number (NaN and infinities are refused). */
export function expectFinite(name: string, value: number): void {
  if (typeof value !== "number" || !Number.isFinite(value)) fail(name, "a finite number", value);
}

/** `value` must be a finite number > 0. */
export function expectPositive(name: string, value: number): void {
  if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) fail(name, "a finite number > 0", value);
}

/** `value` must be a finite number ≥ 0. */
export function expectNonNegative(name: string, value: number): void {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) fail(name, "a finite number >= 0", value);
}

/** `min` ≤ `value` ≤ `max`; with `below`, `value` < `max` instead. */
export function expectRange(name: string, value: number, min: number, max: number, below = false): void {
  const inside = typeof value === "number" && value >= min && (below ? value < max : value <= max);
  if (!inside) fail(name, `a number in [${min}, ${max}${below ? ")" : "]"}`, value);
}

/** `value` must be an integer, within the bounds where given. */
export function expectInteger(name: string, value: number, bounds: { min?: number; max?: number } = {}): void {
  const { min = -Number.MAX_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = bounds;
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    const limits = [bounds.min === undefined ? "" : ` >= ${min}`, bounds.max === undefined ? "" : ` <= ${max}`]
      .filter(Boolean)
      .join(" and");
    fail(name, `an integer${limits}`, value);
  }
}

/** `value` must be one of `choices`; the nearest one is suggested. */
export function expectChoice<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new CoppiceError("E_ARG", `${name}: expected one of ${choices.join(", ")}, got ${shown(value)}`, {
    ...defined({ hint: didYouMean(value, choices) }),
  });
}

/** A hint for a likely typo; undefined where no candidate is near. */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const near = nearest(word, candidates);
  return near === undefined ? undefined : `did you mean ${near}?`;
}

/** The candidate with the smallest edit distance to `word`, if it is close enough to be a likely typo. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 2)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
