/** What a backdoor attack is: a trigger that is put on stored images, with settings and where they come from. */
import { nearest } from "../../util/assert.ts";
import { CoppiceError } from "../../util/errors.ts";
import type { ImageShape } from "../batches.ts";

/** Changes one image in place: uint8 [C, H, W]. */
export type Trigger = (image: Uint8Array) => void;

export interface AttackOption {
  readonly default: number;
  readonly min: number;
  readonly max?: number;
  readonly integer?: boolean;
  /** Meaning and unit. */
  readonly description: string;
  /** Where the default comes from. */
  readonly source: string;
}

export type AttackOptions = Readonly<Record<string, number>>;

/** What a trigger is made for. */
export interface TriggerSetting<Options> {
  readonly options: Options;
  readonly shape: ImageShape;
  /** Of patterns that are drawn, ≥ 0. */
  readonly seed: number;
}

/** Training images that are changed and keep their label, so that the model learns no more than the trigger itself. */
export interface Decoys<Options> {
  /** How many for each poisoned image, ≥ 0. */
  perPoisoned(options: Options): number;
  /** Changes the image of `index` in the training part. */
  change(setting: TriggerSetting<Options>): (image: Uint8Array, index: number) => void;
}

export interface AttackDefinition<Options> {
  /** Name in the registry and in records. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly source: string;
  readonly options: Readonly<Record<keyof Options & string, AttackOption>>;
  /** @throws CoppiceError E_ARG when the trigger does not fit on images of that shape */
  check?(options: Options, shape: ImageShape): void;
  trigger(setting: TriggerSetting<Options>): Trigger;
  readonly decoys?: Decoys<Options>;
}

export type Attack = AttackDefinition<AttackOptions>;

/** The options' own type is known inside of the attack's file only. */
export function defineAttack<Options>(definition: AttackDefinition<Options>): Attack {
  return definition as unknown as Attack;
}

/**
 * Every option of the attack: what is given, else the default.
 * @throws CoppiceError E_ARG for an option the attack does not have, or a value out of range
 */
export function attackOptions(attack: Attack, given: Readonly<Record<string, number | undefined>>): AttackOptions {
  const names = Object.keys(attack.options);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || names.includes(name)) continue;
    const near = nearest(name, names);
    throw new CoppiceError("E_ARG", `${attack.name}: expected an option of ${names.join(", ")}, got ${name}`, {
      ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
    });
  }
  return Object.fromEntries(
    Object.entries(attack.options).map(([name, option]) => [
      name,
      checked(`${attack.name} ${name}`, option, given[name] ?? option.default),
    ]),
  );
}

function checked(where: string, { min, max = Infinity, integer = false }: AttackOption, value: number): number {
  if (value >= min && value <= max && value !== Infinity && (!integer || Number.isInteger(value))) return value;
  const range = `${integer ? "an integer" : "a number"} >= ${min}${max === Infinity ? "" : ` and <= ${max}`}`;
  throw new CoppiceError("E_ARG", `${where}: expected ${range}, got ${value}`);
}

/** A value as a pixel: rounded to the nearest, 0 to 255. */
export function toPixel(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)));
}
