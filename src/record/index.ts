/** The records that stages leave behind: schemas, types, parsing. No tensors. */
export * from "./cleanse.ts";
export * from "./cleanse-series.ts";
export * from "./cleansing.ts";
export { recordJsonSchema, recordSchemas, recordTables } from "./document.ts";
export * from "./environment.ts";
export * from "./evaluation.ts";
export * from "./experiment.ts";
export { splitCountsSchema, splitReferenceSchema } from "./fields.ts";
export type { SplitCounts } from "./fields.ts";
export * from "./parse.ts";
export * from "./poison.ts";
export * from "./run.ts";
export * from "./split.ts";
export * from "./theory.ts";
export * from "./tune.ts";
export * from "./transfer.ts";
