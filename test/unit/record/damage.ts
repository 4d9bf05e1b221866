/** Records damaged in one place: what a schema must refuse. */
import { expect } from "vitest";
import type { z } from "zod";
import { parseRecord } from "../../../src/record/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";

/** A copy of `record` with `value` at `path` ("run.metrics.SA"); undefined takes the field out. */
function damaged(record: unknown, path: string, value: unknown): unknown {
  const copy = structuredClone(record);
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const holder = keys.reduce<Record<string, unknown>>(
    (part, key) => part[key] as Record<string, unknown>,
    copy as Record<string, unknown>,
  );
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

/** The record fits its schema, unchanged, through a file and back. */
export function expectFits<T>(schema: z.ZodType<T>, record: T): void {
  expect(parseRecord(schema, JSON.stringify(record), "file")).toEqual(record);
}

/** With `value` at `path` it is refused by an error that names the path. */
export function expectRefused<T>(schema: z.ZodType<T>, record: T, path: string, value: unknown): void {
  const error = thrownBy(() => parseRecord(schema, JSON.stringify(damaged(record, path, value)), "file"));
  expect(error.code).toBe("E_CHECKPOINT");
  expect(error.message).toContain(path);
}
