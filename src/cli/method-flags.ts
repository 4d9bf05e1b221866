/** The options of all methods as flags; one that the chosen method does not have is refused later. */
import { Option } from "@commander-js/extra-typings";
import { type MethodOption, methods, optionFlag, type OptionValue } from "../unlearn/index.ts";
import { integerOption, numberOption } from "./parse.ts";

const usedBy = new Map<string, { readonly spec: MethodOption; readonly names: string[] }>();
for (const method of methods) {
  for (const [name, spec] of Object.entries(method.options)) {
    const entry = usedBy.get(name) ?? { spec, names: [] };
    entry.names.push(method.name);
    usedBy.set(name, entry);
  }
}

export function methodFlags(): Option[] {
  return [...usedBy].map(([name, { spec, names }]) => {
    const option = new Option(`${optionFlag(name)} <value>`, `${spec.description} (${names.join(", ")})`);
    if (spec.type === "choice") return option.choices(spec.choices);
    return option.argParser(spec.type === "integer" ? integerOption : numberOption) as unknown as Option;
  });
}

/** Those of a command's options that belong to methods. */
export function givenMethodOptions(options: object): Record<string, OptionValue> {
  const given = options as Record<string, OptionValue | undefined>;
  const found = [...usedBy.keys()].map((name) => [name, given[name]] as const);
  return Object.fromEntries(found.filter((pair): pair is [string, OptionValue] => pair[1] !== undefined));
}
