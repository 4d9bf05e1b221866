/** JSON that says what the value was: `JSON.stringify` writes NaN and infinities as null, which no reader of a record takes. */
import { invariant } from "./errors.ts";

/** @param indent spaces, default none: one line @throws TypeError for a number that is not finite, which nothing should have let so far */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, expectFiniteNumber, indent);
}

function expectFiniteNumber(key: string, value: unknown): unknown {
  if (typeof value === "number") invariant(Number.isFinite(value), `${key} is ${value}, which JSON cannot hold`);
  return value;
}
