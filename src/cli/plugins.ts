/** Files with the user's definitions. They are loaded before the command line is parsed, so that the options of their methods are flags too. */
import { Option } from "@commander-js/extra-typings";
import { loadConfigFile, loadPlugin } from "../library/index.ts";
import { headings } from "./flags.ts";

const flag = "--plugin";

/** Accepted by every command; {@link loadPlugins} has read it before. */
export const pluginFlag = new Option(
  `${flag} <file>`,
  "TypeScript or JavaScript file with methods, pruners, detectors, data sets or architectures; can be repeated",
).helpGroup(headings.definitions);

/** Files that `--plugin FILE` and `--plugin=FILE` name, in their order. */
export function pluginFiles(argv: readonly string[]): string[] {
  const end = argv.indexOf("--");
  const words = end === -1 ? argv : argv.slice(0, end);
  return words.flatMap((word, i) => {
    if (word.startsWith(`${flag}=`)) return [word.slice(flag.length + 1)];
    const file = words[i + 1];
    return word === flag && file !== undefined ? [file] : [];
  });
}

/**
 * Loads what `coppice.config.ts` in `folder` names, then what `argv` names.
 * @throws CoppiceError E_CONFIG for a file that is missing or defines nothing, E_ARG for a name that is taken
 */
export async function loadPlugins(argv: readonly string[], folder: string): Promise<void> {
  await loadConfigFile(folder);
  for (const file of pluginFiles(argv)) await loadPlugin(file);
}
