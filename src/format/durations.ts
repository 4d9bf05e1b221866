/** Times: how long something took, and when it was. */
import type { EvaluationRecord } from "../record/index.ts";
import { factor } from "./numbers.ts";

/** Seconds in the two largest units: `0.42 s`, `43 s`, `2 min 31 s`, `1 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toPrecision(2))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Beside the time of sparse kernels: what dense operators would take. Undefined where there is no estimate of it. */
export function denseDuration({ seconds, denseSeconds }: EvaluationRecord["metrics"]["RTE"]): string | undefined {
  if (denseSeconds === undefined) return undefined;
  return `dense: about ${duration(denseSeconds)}, ${factor(denseSeconds / seconds)} times as long`;
}

/** `2026-08-22T14:03:09Z` to `2026-08-22 14:03 UTC`. */
export function utc(moment: string): string {
  return `${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC`;
}
