/**
 * Settings of a stage, as a caller gives them and as a run keeps them as `config`. A schema checks them and changes nothing: no default is added and
 * no field moved, since hashes and records are made of what was given. Ranges are the stage's to check, in the words of its options.
 */
import type { z } from "zod";
import { didYouMean } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import { schemaProblems } from "../util/schema-problems.ts";

/** What a schema accepts, as a reader has it: unchangeable, and what is absent is not there at all. */
export type Config<T> = T extends readonly (infer E)[]
  ? readonly Config<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Config<Exclude<T[K], undefined>> }
    : T;

/** `config` itself, checked. @throws CoppiceError E_ARG naming each setting that is missing, unknown or of another type */
export function checkConfig<S extends z.ZodType>(schema: S, config: unknown): Config<z.infer<S>> {
  const { error } = schema.safeParse(config, { reportInput: true });
  if (error === undefined) return config as Config<z.infer<S>>;
  throw new CoppiceError("E_ARG", schemaProblems(error), {
    hint: likelyMeant(error) ?? "correct what is named, or leave it out",
  });
}

function likelyMeant({ issues: [first] }: z.ZodError): string | undefined {
  if (first?.code !== "invalid_value" || typeof first.input !== "string") return undefined;
  return didYouMean(first.input, first.values.map(String));
}

/** The settings in a run's record. @param where its folder, for the error @throws CoppiceError E_CHECKPOINT when they are of another form */
export function readConfig<S extends z.ZodType>(schema: S, config: unknown, where: string): Config<z.infer<S>> {
  const { error } = schema.safeParse(config);
  if (error === undefined) return config as Config<z.infer<S>>;
  throw new CoppiceError(
    "E_CHECKPOINT",
    `${where}: expected a run with the settings of this version, got ${schemaProblems(error)}`,
    { hint: "use the version of Coppice that made the run, or make it again" },
  );
}
