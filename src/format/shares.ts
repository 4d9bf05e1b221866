/** Fractions as percent, and their differences as percentage points. The only place where a fraction becomes percent. */
import { MINUS } from "./numbers.ts";

const NARROW_SPACE = "\u202f";

/** `0.2253` to `22.53`: two decimals, without a sign, for tables that say percent in their heading. */
export function percentCell(fraction: number): string {
  return (fraction * 100).toFixed(2);
}

/** `0.2253` to `22.5`, `1` to `100.0`: one decimal, without a sign. */
export function percentTenths(fraction: number): string {
  return (fraction * 100).toFixed(1);
}

/** `0.95` to `95`, `0.995` to `99.5`: no zeros at the end. @param digits after the point, at most */
export function shortPercent(fraction: number, digits = 1): string {
  return String(Number((fraction * 100).toFixed(digits)));
}

/** `0.2253` to `22.5 %`, for sentences. Never rounds a part to all or nothing: `0.9998` is `99.98 %`. */
export function percent(fraction: number): string {
  const rounded = percentTenths(fraction);
  const falselyWhole = (rounded === "100.0" && fraction < 1) || (rounded === "0.0" && fraction > 0);
  return `${falselyWhole ? percentCell(fraction) : rounded.replace(/\.0$/, "")}${NARROW_SPACE}%`;
}

/** A difference of fractions in signed percentage points: `-0.7747` to `−77.47`. */
export function pointsCell(difference: number): string {
  const size = percentCell(Math.abs(difference));
  if (Number(size) === 0) return size;
  return `${difference < 0 ? MINUS : "+"}${size}`;
}

/** The size of a difference of fractions, for sentences: `0.1148` to `11.5 points`. */
export function points(difference: number): string {
  const size = percentTenths(Math.abs(difference));
  return `${size} ${size === "1.0" ? "point" : "points"}`;
}

/** Ends of an interval of fractions, in percent. */
export function intervalCell([low, high]: readonly [number, number]): string {
  return `${percentTenths(low)}–${percentTenths(high)}`;
}

/** Ends of an interval that may be below zero, in percent: `−21.4 to 65.6`. */
export function rangeCell(interval: readonly [number, number]): string {
  return interval.map((value) => (value < 0 ? MINUS : "") + percentTenths(Math.abs(value))).join(" to ");
}

/** A sparsity by name: `dense`, or `95 % pruned`. */
export function sparsityName(sparsity: number): string {
  if (sparsity < 0.0005) return "dense";
  return `${shortPercent(sparsity, sparsity > 0.985 ? 1 : 0)}${NARROW_SPACE}% pruned`;
}
