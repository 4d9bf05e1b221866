/** The search for the options of a method. */
export type { TuneConfig } from "./config.ts";
export { defaultWithhold, type PreparedTune, prepareTune } from "./prepare.ts";
export { lookedAt } from "./looked-at.ts";
export type { TuneContext } from "./search.ts";
export { runTune } from "./tune.ts";
