/**
 * Options that belong to something chosen by name: every unlearning method, detector, attack and pruner has its own. A command accepts the flags of
 * all of them, so that the stage can name what a wrong one belongs to, and describes those of the chosen ones.
 */
import { Option } from "@commander-js/extra-typings";
import { listing } from "../format/index.ts";
import {
  type DescribedOption,
  optionFlag,
  type OptionValue,
  type OptionValues,
  rangeOf,
} from "../util/described-options.ts";
import { fileOf } from "../plugins/index.ts";
import { expectChoice } from "../util/assert.ts";
import type { DefinitionKind } from "../util/definition.ts";
import { defined } from "../util/defined.ts";
import { choiceOption, integerOption, numberOption } from "./parse.ts";

/** Something with a name and options. */
export interface Choosable {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly source: string;
  readonly cost?: string;
  readonly options: Readonly<Record<string, DescribedOption>>;
}

export interface Choice {
  /** The flag that names one, or several. */
  readonly flag: string;
  readonly all: () => readonly Choosable[];
  /** What each is a definition of, where users can have their own. */
  readonly kind?: DefinitionKind;
  /** What the flags of its options begin with, where another choice of the command has options of the same names. */
  readonly prefix?: string;
}

/** @throws CoppiceError E_ARG for an unknown name, suggesting the nearest */
export function chosenFrom({ flag, all }: Choice, names: readonly string[]): Choosable[] {
  const choosables = all();
  const known = choosables.map(({ name }) => name);
  for (const name of names) expectChoice(flag, name, known);
  return choosables.filter(({ name }) => names.includes(name));
}

/** A flag for every option: those of `chosen` described, unless `hide`; the others accepted only. */
export function flagsOf(choice: Choice, chosen: readonly Choosable[], hide: boolean): Option[] {
  return optionNames(choice).map((name) => {
    const owners = chosen.filter(({ options }) => name in options);
    return owners.length === 0 ? acceptedFlag(choice, name) : describedFlag(choice, name, owners).hideHelp(hide);
  });
}

/** The flag of an option: `--false-alarms`, or with a prefix `--detect-false-alarms`. */
export function flagOf(choice: Choice, name: string): string {
  return optionFlag(attributeOf(choice, name));
}

/** The options that were given, by their names in `Choosable.options`. */
export function givenOptions(choice: Choice, options: object): OptionValues {
  const values = options as Readonly<Record<string, OptionValue | undefined>>;
  const entries = optionNames(choice).map((name) => [name, values[attributeOf(choice, name)]] as const);
  return defined(Object.fromEntries(entries)) as OptionValues;
}

/** What the option does, the values it takes, its default and where that comes from. */
export function optionWords(spec: DescribedOption): string {
  return `${spec.description}; ${valuesOf(spec)}. Default: ${defaultOf(spec)} (${spec.source})`;
}

export function defaultOf(spec: DescribedOption): string {
  return spec.default === "original" ? "as the original was trained" : String(spec.default);
}

/** `a number > 0`, `one of sample, batch`. */
export function valuesOf(spec: DescribedOption): string {
  return spec.type === "choice" ? `one of ${spec.choices.join(", ")}` : rangeOf(spec);
}

/** Title, description, cost and source, below the flags of what was chosen. */
export function choosableWords({ title, description, cost, source }: Choosable): string {
  return [`\n${title}: ${description}`, ...(cost === undefined ? [] : [`  Cost: ${cost}`]), `  Source: ${source}`].join(
    "\n",
  );
}

/** One line for each, for the help of a command that has chosen none. */
export function choosableList(choosables: readonly Choosable[]): string {
  const width = Math.max(...choosables.map(({ name }) => name.length));
  return choosables.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`).join("\n");
}

/** Whose option `flag` is the first to be, and what it is called there. */
export function ownerOf(choice: Choice, flag: string): { readonly owner: string; readonly option: string } {
  for (const { name, options } of choice.all()) {
    const option = Object.keys(options).find((each) => flagOf(choice, each) === flag);
    if (option === undefined) continue;
    const file = choice.kind === undefined ? undefined : fileOf(choice.kind, name);
    return { owner: `${choice.kind ?? choice.flag} ${name}${file === undefined ? "" : ` of ${file.path}`}`, option };
  }
  return { owner: choice.flag, option: flag };
}

function optionNames({ all }: Choice): string[] {
  return [...new Set(all().flatMap(({ options }) => Object.keys(options)))];
}

/** As commander names the option's value: `detectFalseAlarms` of `falseAlarms`. */
function attributeOf({ prefix }: Choice, name: string): string {
  return prefix === undefined ? name : `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function acceptedFlag(choice: Choice, name: string): Option {
  return flagWith(choice, name, { words: "", parse: anyValue }).hideHelp();
}

function describedFlag(choice: Choice, name: string, owners: readonly Choosable[]): Option {
  const specs = owners.map(({ options }) => options[name] as DescribedOption);
  const texts = new Set(specs.map(optionWords));
  const words =
    texts.size === 1
      ? [...texts]
      : owners.map((owner, i) => `${owner.name}: ${optionWords(specs[i] as DescribedOption)}`);
  const flag = flagWith(choice, name, { words: words.join(". "), parse: parserOf(specs) });
  return flag.helpGroup(`Options of ${listing(owners.map((owner) => owner.name))}:`);
}

function flagWith(
  choice: Choice,
  name: string,
  { words, parse }: { readonly words: string; readonly parse: (text: string) => OptionValue },
): Option {
  return new Option(`${flagOf(choice, name)} <value>`, words).argParser(parse) as unknown as Option;
}

/** What one option of several owners takes; the stage checks each owner's range. */
function parserOf(specs: readonly DescribedOption[]): (text: string) => OptionValue {
  const types = new Set(specs.map(({ type }) => type));
  if (!types.has("choice")) return types.has("number") ? numberOption : integerOption;
  if (types.size > 1) return anyValue;
  return choiceOption([...new Set(specs.flatMap((spec) => (spec.type === "choice" ? spec.choices : [])))]);
}

/** A number where the text is one. */
function anyValue(text: string): OptionValue {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? text : value;
}
