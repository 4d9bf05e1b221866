/** A measured share as records hold it: value, count and interval. */
import type { Metric } from "../record/index.ts";
import { clopperPearson } from "../statistics/clopper-pearson.ts";

/** `hits` of `count` ≥ 1 images. @throws CoppiceError E_ARG */
export function proportion(hits: number, count: number, direction: Metric["direction"]): Metric {
  const interval = clopperPearson(hits, count);
  return { value: hits / count, direction, unit: "fraction", count, interval };
}
