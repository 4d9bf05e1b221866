/** Definitions of methods, detectors, pruners and the like: checks of their fields, and calls that choose options. */
import { CoppiceError } from "./errors.ts";
import { shown } from "./shown.ts";

export const definitionKinds = ["method", "pruner", "detector", "dataset", "architecture"] as const;
/** What a definition of a user's own can be of. */
export type DefinitionKind = (typeof definitionKinds)[number];

const kinds = new WeakMap<object, DefinitionKind>();

/** Notes that `definition` was made as one of `kind`, so that it is known among the exports of a file; gives it back. */
export function markKind<Definition extends object>(kind: DefinitionKind, definition: Definition): Definition {
  kinds.set(definition, kind);
  return definition;
}

/** What `value` is a definition of; undefined where it is none. */
export function kindOf(value: unknown): DefinitionKind | undefined {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  return isObject ? kinds.get(value) : undefined;
}

/** What a field must hold; with a question mark it may be absent. */
export type FieldKind = "text" | "function" | "object" | `${"text" | "function" | "object"}?`;

const articles = { text: "a text", function: "a function", object: "an object" } as const;

/**
 * Refuses a definition that lacks a field or has something else in it. Definitions may come from JavaScript, which no compiler has checked.
 * @param kind what the definition is of, as `method`
 * @throws CoppiceError E_ARG naming the first field that is wrong
 */
export function checkDefinition(kind: string, definition: object, fields: Readonly<Record<string, FieldKind>>): void {
  const values = definition as Readonly<Record<string, unknown>>;
  const where = typeof values["name"] === "string" && values["name"] !== "" ? `${kind} ${values["name"]}` : kind;
  for (const [field, wanted] of Object.entries({ name: "text" as const, ...fields })) {
    const kindOfField = wanted.replace("?", "") as keyof typeof articles;
    const value = values[field];
    if (value === undefined && wanted.endsWith("?")) continue;
    if (isOfKind(kindOfField, value)) continue;
    throw new CoppiceError(
      "E_ARG",
      `${where}: expected the field ${field} to be ${articles[kindOfField]}, got ${value === undefined ? "none" : shown(value)}`,
    );
  }
}

function isOfKind(kind: keyof typeof articles, value: unknown): boolean {
  if (kind === "text") return typeof value === "string" && value.trim() !== "";
  return kind === "function" ? typeof value === "function" : typeof value === "object" && value !== null;
}

/** Some of the options; the others have their defaults. */
export type GivenOptions<Options> = { readonly [Name in keyof Options]?: Options[Name] | undefined };

/**
 * `definition` as a function with the same fields, so that its options can be chosen by a call: `choose` makes of the definition and the
 * options what the call gives.
 */
export function callable<Definition extends object, Options, Choice>(
  definition: Definition,
  choose: (definition: Definition, options: GivenOptions<Options>) => Choice,
): Definition & ((options?: GivenOptions<Options>) => Choice) {
  const call = (options: GivenOptions<Options> = {}): Choice => choose(self, options);
  // The name of a function can be redefined, not assigned.
  const self = Object.defineProperties(call, Object.getOwnPropertyDescriptors(definition)) as typeof call & Definition;
  return self;
}
