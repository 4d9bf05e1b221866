/** The options of a method, a detector or an attack: described once, checked once, shown by the command line and made its flags. */
import { defined } from "./defined.ts";
import { expectChoice, didYouMean } from "./assert.ts";
import { CoppiceError } from "./errors.ts";
import { shown } from "./shown.ts";

interface Described {
  /** Unit and meaning, in a sentence. */
  readonly description: string;
  /** Where the default comes from. */
  readonly source: string;
}

export interface NumberOption extends Described {
  readonly type: "number" | "integer";
  /** `original`: what the original was trained with. */
  readonly default: number | "original";
  readonly min: number;
  /** Whether `min` itself is refused. */
  readonly aboveMin?: boolean;
  /** Default {@link largestNumber}. Of an integer that a loop or a list is as long as: what a machine can do. */
  readonly max?: number;
}

/** Of numbers without a `max`: float32 holds it, which weights are. */
export const largestNumber = 1e30;

export interface ChoiceOption extends Described {
  readonly type: "choice";
  readonly default: string;
  readonly choices: readonly string[];
}

export type DescribedOption = NumberOption | ChoiceOption;
/** Every option of `Options` by name. */
export type DescribedOptions<Options> = Readonly<Record<keyof Options & string, DescribedOption>>;

export type OptionValue = number | string;
export type OptionValues = Readonly<Record<string, OptionValue>>;

/**
 * Every option of `specs` with its value: the given one, else the original's where the default says so, else the default.
 * @param where the name of the method, detector or attack, for errors
 * @param original values for the defaults that are `original`
 * @throws CoppiceError E_ARG for an unknown option (the nearest is suggested), a value out of range, NaN
 */
export function resolveOptions<Spec extends DescribedOption>(
  where: string,
  specs: Readonly<Record<string, Spec>>,
  given: Readonly<Record<string, OptionValue | undefined>>,
  original: Readonly<Record<string, number>> = {},
): Readonly<Record<string, Spec extends NumberOption ? number : OptionValue>> {
  const names = Object.keys(specs);
  for (const name of Object.keys(given)) {
    if (given[name] !== undefined && !names.includes(name)) throw unknownOption(where, names, name);
  }
  return Object.fromEntries(
    names.map((name) => {
      const spec = specs[name] as DescribedOption;
      const value = given[name] ?? (spec.default === "original" ? original[name] : spec.default);
      return [name, checkOption(`${where} ${name}`, spec, value)];
    }),
  ) as Record<string, Spec extends NumberOption ? number : OptionValue>;
}

function unknownOption(where: string, names: readonly string[], name: string): CoppiceError {
  const expected = names.length === 0 ? "no options" : `one of its options (${names.join(", ")})`;
  const hint = didYouMean(name, names);
  return new CoppiceError("E_ARG", `${where}: expected ${expected}, got ${name}`, defined({ hint }));
}

function checkOption(where: string, spec: DescribedOption, value: OptionValue | undefined): OptionValue {
  if (spec.type === "choice") return expectChoice(where, String(value), spec.choices);
  const { min, max = largestNumber, aboveMin = false } = spec;
  const number = typeof value === "number" ? value : Number.NaN;
  const fits = (aboveMin ? number > min : number >= min) && number <= max;
  if (!fits || (spec.type === "integer" && !Number.isInteger(number))) {
    const shown = number > max ? { ...spec, max } : spec;
    throw new CoppiceError("E_ARG", `${where}: expected ${rangeOf(shown)}, got ${String(value)}`);
  }
  return number;
}

/**
 * Refuses descriptions of options that cannot be used: a name that cannot be a flag, no type, no default, a default out of range.
 * @param where the name of the method, detector or attack, for errors
 * @throws CoppiceError E_ARG
 */
export function checkDescribedOptions(where: string, specs: Readonly<Record<string, DescribedOption>>): void {
  for (const [name, spec] of Object.entries(specs)) {
    const option = `${where} option ${name}`;
    if (!/^[a-z][a-zA-Z0-9]*$/.test(name) || name in Object.prototype) throw notAName(where, name);
    expectChoice(`${option}: type`, String(spec.type), ["number", "integer", "choice"]);
    for (const field of ["description", "source"] as const) {
      if (typeof spec[field] === "string") continue;
      throw new CoppiceError("E_ARG", `${option}: expected the field ${field} to be a text, got none`);
    }
    if (spec.default !== "original" || spec.type === "choice") checkOption(`${option}: default`, spec, spec.default);
  }
}

/** An option's name becomes a flag, and a field of settings. */
function notAName(where: string, name: string): CoppiceError {
  return new CoppiceError("E_ARG", `${where}: expected options named like weightDecay, got ${shown(name)}`, {
    hint: "a name begins with a small letter and has letters and digits only",
  });
}

/** The flag of an option on the command line: `weightDecay` is `--weight-decay`. */
export function optionFlag(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `an integer >= 1`, `a number > 0 and <= 1`. */
export function rangeOf(spec: NumberOption): string {
  const article = spec.type === "integer" ? "an integer" : "a number";
  const lower = `${spec.aboveMin === true ? ">" : ">="} ${spec.min}`;
  return `${article} ${lower}${spec.max === undefined ? "" : ` and <= ${spec.max}`}`;
}
