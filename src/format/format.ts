/** Numbers, times and commands as people read them. The only place where fractions become percent. */

import type { EvaluationRecord } from "../record/index.ts";

const MINUS = "\u2212";
const NARROW_SPACE = "\u202f";

/** `0.2253` to `22.53`: two decimals, no sign, for tables that say percent in their heading. */
export function percentCell(fraction: number): string {
  return (fraction * 100).toFixed(2);
}

/** `0.2253` to `22.5 %`, for sentences. Never rounds a part to all or nothing: `0.9998` is `99.98 %`. */
export function percent(fraction: number): string {
  const rounded = (fraction * 100).toFixed(1);
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
  const size = (Math.abs(difference) * 100).toFixed(1);
  return `${size} ${size === "1.0" ? "point" : "points"}`;
}

/** Ends of an interval of fractions, in percent. */
export function intervalCell([low, high]: readonly [number, number]): string {
  return `${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)}`;
}

/** Ends of an interval that may be below zero, in percent: `−21.4 to 65.6`. */
export function rangeCell(interval: readonly [number, number]): string {
  const end = (value: number): string => (value < 0 ? MINUS : "") + Math.abs(value * 100).toFixed(1);
  return interval.map(end).join(" to ");
}

/** A sparsity by name: `dense`, or `95 % pruned`. */
export function sparsityName(sparsity: number): string {
  if (sparsity < 0.0005) return "dense";
  return `${Number((sparsity * 100).toFixed(sparsity > 0.985 ? 1 : 0))}${NARROW_SPACE}% pruned`;
}

/** `12345` to `12,345`. */
export function integer(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 image`, `2 images`, and with a plural of its own `2 classes`. */
export function plural(count: number, noun: string, several = `${noun}s`): string {
  return `${integer(count)} ${count === 1 ? noun : several}`;
}

/** Seconds in the two largest units: `0.42 s`, `43 s`, `2 min 31 s`, `1 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toPrecision(2))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Beside the time of sparse kernels: what dense operators would take. Undefined where nothing is known of it. */
export function denseDuration({ seconds, denseSeconds }: EvaluationRecord["metrics"]["RTE"]): string | undefined {
  if (denseSeconds === undefined) return undefined;
  return `dense: about ${duration(denseSeconds)}, ${factor(denseSeconds / seconds)} times as long`;
}

/** How many times: `8.4`, `12`. */
export function factor(ratio: number): string {
  return ratio >= 10 ? String(Math.round(ratio)) : ratio.toFixed(1);
}

/** A loss: three digits that matter, whatever its size. */
export function loss(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.0001 || size >= 100_000)) return value.toExponential(1).replace("-", MINUS);
  return value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 4).replace("-", MINUS);
}

/** `2026-08-22T14:03:09Z` to `2026-08-22 14:03 UTC`. */
export function utc(moment: string): string {
  return `${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC`;
}

/** The first digits of a hash, enough to tell two apart by eye. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}

/** A command line that a POSIX shell takes as the same arguments. */
export function shellCommand(command: readonly string[]): string {
  return command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");
}

/** A sentence's list: `a`, `a and b`, `a, b and c`. */
export function listing(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** A clause as a sentence of its own: its first letter large, a full stop behind. */
export function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
}
