/** The options of all detectors as flags. */
import { Option } from "@commander-js/extra-typings";
import { detectors } from "../detect/index.ts";
import { optionFlag, type OptionValues } from "../unlearn/index.ts";
import { numberOption } from "./parse.ts";

const names = [...new Set(detectors.flatMap(({ options }) => Object.keys(options)))];

/** What the names of the flags begin with: nothing, or `detect` beside the options of methods, of which some have the same names. */
type Prefix = "" | "detect";

/** A flag for each option of any detector. */
export function detectorFlags(prefix: Prefix = ""): Option[] {
  return names.map((name) => {
    const users = detectors.filter(({ options }) => name in options);
    const [description] = users.map(({ options }) => options[name]?.description);
    const flag = `${detectorFlag(name, prefix)} <value>`;
    const of = users.map((detector) => `${detector.name} ${detector.options[name]?.default}`).join(", ");
    return new Option(flag, `${description} (default: ${of})`).argParser(numberOption) as unknown as Option;
  });
}

/** The flag of one of them. */
export function detectorFlag(name: string, prefix: Prefix = ""): string {
  return optionFlag(prefixed(prefix, name));
}

/** Those of them that were given, under the detectors' names. */
export function givenDetectorOptions(options: object, prefix: Prefix = ""): OptionValues {
  const given = options as Record<string, number | undefined>;
  const entries = names.map((name) => [name, given[prefixed(prefix, name)]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as OptionValues;
}

/** `detectFalseAlarms` of `falseAlarms`, as commander names the value of `--detect-false-alarms`. */
function prefixed(prefix: Prefix, name: string): string {
  return prefix === "" ? name : `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
