/** The options of all unlearning methods as flags. */
import { Option } from "@commander-js/extra-typings";
import { type DescribedOption, methods, optionFlag, type OptionValue, type OptionValues } from "../unlearn/index.ts";
import { integerOption, numberOption } from "./parse.ts";

const usedBy = new Map<string, { readonly spec: DescribedOption; readonly names: string[] }>();
for (const method of methods) {
  for (const [name, spec] of Object.entries(method.options)) {
    const entry = usedBy.get(name) ?? { spec, names: [] };
    entry.names.push(method.name);
    usedBy.set(name, entry);
  }
}

/** A flag for each option of any method. */
export function methodFlags(): Option[] {
  return [...usedBy].map(([name, entry]) => methodFlag(name, entry));
}

/** Those of them that were given. */
export function givenOptions(options: object): OptionValues {
  const given = options as Record<string, OptionValue | undefined>;
  const entries = [...usedBy.keys()].flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]]));
  return Object.fromEntries(entries) as OptionValues;
}

function methodFlag(name: string, { spec, names }: { spec: DescribedOption; names: readonly string[] }): Option {
  const option = new Option(`${optionFlag(name)} <value>`, `${spec.description} (${names.join(", ")})`);
  if (spec.type === "choice") return option.choices(spec.choices);
  return option.argParser(spec.type === "integer" ? integerOption : numberOption) as unknown as Option;
}
