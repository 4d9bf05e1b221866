/** The options of a method: described once, checked once, shown by `coppice methods` and made flags of `coppice forget`. */
import { expectChoice, nearest } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";

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
  readonly max?: number;
}

export interface ChoiceOption extends Described {
  readonly type: "choice";
  readonly default: string;
  readonly choices: readonly string[];
}

export type MethodOption = NumberOption | ChoiceOption;
export type OptionValue = number | string;
export type OptionValues = Readonly<Record<string, OptionValue>>;

/**
 * Every option of `specs` with its value: the given one, else the original's where the default says so, else the default.
 * @param where the method's name, for errors
 * @throws CoppiceError E_ARG for an unknown option (the nearest is suggested), a value out of range, NaN.
 */
export function resolveOptions(
  where: string,
  specs: Readonly<Record<string, MethodOption>>,
  given: Readonly<Record<string, OptionValue | undefined>>,
  original: Readonly<Record<string, number>>,
): OptionValues {
  const names = Object.keys(specs);
  for (const name of Object.keys(given)) {
    if (given[name] === undefined || names.includes(name)) continue;
    const near = nearest(name, names);
    throw new CoppiceError("E_ARG", `${where}: expected an option of this method (${names.join(", ")}), got ${name}`, {
      hint: near === undefined ? `\`coppice methods\` lists the options of every method` : `did you mean ${near}?`,
    });
  }
  return Object.fromEntries(
    names.map((name) => {
      const spec = specs[name] as MethodOption;
      const value = given[name] ?? (spec.default === "original" ? original[name] : spec.default);
      return [name, checkOption(`${where} ${name}`, spec, value)];
    }),
  );
}

function checkOption(where: string, spec: MethodOption, value: OptionValue | undefined): OptionValue {
  if (spec.type === "choice") return expectChoice(where, String(value), spec.choices);
  const { min, max = Infinity, aboveMin = false } = spec;
  const number = typeof value === "number" ? value : Number.NaN;
  const fits = (aboveMin ? number > min : number >= min) && number <= max && number !== Infinity;
  if (!fits || (spec.type === "integer" && !Number.isInteger(number))) {
    throw new CoppiceError("E_ARG", `${where}: expected ${rangeOf(spec)}, got ${String(value)}`);
  }
  return number;
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
