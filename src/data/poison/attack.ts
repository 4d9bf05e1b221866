/** What a backdoor attack is: a trigger that is put on stored images, with settings and where they come from. */
import { checkDefinition } from "../../util/definition.ts";
import { checkDescribedOptions, type NumberOption, resolveOptions } from "../../util/described-options.ts";
import type { ImageShape } from "../batches.ts";

/** Changes one image in place: uint8 [C, H, W]. */
export type Trigger = (image: Uint8Array) => void;

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
  readonly options: Readonly<Record<keyof Options & string, NumberOption>>;
  /** @throws CoppiceError E_ARG when the trigger does not fit on images of that shape */
  check?(options: Options, shape: ImageShape): void;
  trigger(setting: TriggerSetting<Options>): Trigger;
  readonly decoys?: Decoys<Options>;
}

export type Attack = AttackDefinition<AttackOptions>;

/**
 * The options' own type is known inside of the attack's file only.
 * @throws CoppiceError E_ARG for an attack that lacks something
 */
export function defineAttack<Options>(definition: AttackDefinition<Options>): Attack {
  const attack = definition as unknown as Attack;
  checkAttack(attack);
  return attack;
}

/** @throws CoppiceError E_ARG for an attack that lacks something */
export function checkAttack(attack: Attack): void {
  checkDefinition("attack", attack, {
    title: "text",
    description: "text",
    source: "text",
    options: "object",
    check: "function?",
    trigger: "function",
    decoys: "object?",
  });
  checkDescribedOptions(`attack ${attack.name}`, attack.options);
}

/**
 * Every option of the attack: what is given, else the default.
 * @throws CoppiceError E_ARG for an option the attack does not have, or a value out of range
 */
export function attackOptions(attack: Attack, given: Readonly<Record<string, number | undefined>>): AttackOptions {
  return resolveOptions(attack.name, attack.options, given);
}

/** A value as a pixel: rounded to the nearest, 0 to 255. */
export function toPixel(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)));
}
