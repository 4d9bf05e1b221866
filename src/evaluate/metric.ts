/** What a metric is: a name, how to read its value, where it comes from, and one function that measures it. */
import type { Metric } from "../record/index.ts";

export interface MetricInfo {
  /** Name in the registry and in records. */
  readonly name: string;
  readonly title: string;
  /** What is better: more, less, or what a model trained without the forget images has. */
  readonly direction: Metric["direction"];
  /** Fractions lie between 0 and 1. */
  readonly unit: "fraction" | "seconds" | "norm";
  readonly description: string;
  readonly source: string;
}

export interface MetricDefinition<Input, Value> extends MetricInfo {
  measure(input: Input): Value;
}

export function defineMetric<Input, Value>(definition: MetricDefinition<Input, Value>): MetricDefinition<Input, Value> {
  return definition;
}
