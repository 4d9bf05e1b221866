/** The search for the options of a method. */
export { defaultWithhold, type TuneConfig } from "./config.ts";
export { type PreparedTune, prepareTune } from "./prepare.ts";
export { lookedAt } from "./record.ts";
export { runTune, type TuneContext } from "./tune.ts";
