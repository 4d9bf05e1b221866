import { Command } from "@commander-js/extra-typings";
import { type Method, methodNamed, methods, type Preset, presets } from "../../unlearn/index.ts";
import { choosableList, defaultOf, flagOf, valuesOf } from "../choice.ts";
import { methodChoice } from "../choices.ts";
import { print, printJson } from "../output.ts";

/** `coppice methods`: the unlearning methods, or one of them with its options. */
export function methodsCommand(): Command {
  const command = new Command("methods")
    .summary("list the unlearning methods, or the options of one")
    .description(
      "List the unlearning methods, or show one of them with its options, their defaults, ranges and sources.",
    )
    .argument("[name]", "method to show")
    .option("--json", "print methods with all their options as JSON")
    .addHelpText("after", "\nExamples:\n  coppice methods\n  coppice methods ssd");
  command.action((name, { json }) => {
    const shown = name === undefined ? methods : [methodNamed(name)];
    if (json === true) return printJson(shown.map(methodJson));
    if (name !== undefined) return shown.forEach(printMethod);
    print(choosableList(methods));
    print("\n`coppice methods NAME` shows the options of a method.");
  });
  return command as unknown as Command;
}

/** What a program may want to know of a method. */
export function methodJson(method: Method): object {
  const { name, title, description, source, cost, needs, options } = method;
  const heldOut = "needsValidation" in method ? "with some options" : "never";
  return { name, title, description, source, cost, needs: { ...needs, heldOut }, options, presets: presetsOf(name) };
}

function printMethod({ name, title, description, source, cost, options }: Method): void {
  print(`${name}: ${title}\n  ${description}\n  cost: ${cost}\n  source: ${source}`);
  print(Object.keys(options).length === 0 ? "No options." : "Options:");
  for (const [option, spec] of Object.entries(options)) {
    print(`  ${flagOf(methodChoice, option)}: ${spec.description}`);
    print(`      ${valuesOf(spec)}; default ${defaultOf(spec)} (${spec.source})`);
  }
  for (const preset of presetsOf(name)) print(presetWords(preset));
}

/** `Instead of the defaults, for cifar10, random: lr 0.04 (source)` */
export function presetWords({ when, values, with: others = {}, source }: Preset): string {
  const pairs = (entries: object): string =>
    Object.entries(entries)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ");
  const beside = Object.keys(others).length === 0 ? "" : ` with ${pairs(others)}`;
  return `Instead of the defaults, for ${Object.values(when).join(", ")}${beside}: ${pairs(values)} (${source})`;
}

function presetsOf(name: string): Preset[] {
  return presets.filter(({ method }) => method === name);
}
