/** Definitions that are not built in: where they come from, and whether a run's are there again. */
export { hashOfModule } from "./hash-of-module.ts";
export {
  fileOf,
  type PluginFile,
  pluginsIn,
  pluginsInKey,
  registries,
  rememberFile,
  withoutRepeats,
} from "./origin.ts";
export { asPluginError, watchFile } from "./plugin-error.ts";
export { type LoadPlugin, requirePlugins } from "./require-plugins.ts";
export { runDefinition } from "./run-definition.ts";
