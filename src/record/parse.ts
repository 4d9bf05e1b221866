/** From untrusted JSON to records: every deviation from the schema is an error that says where it is. */
import type { z } from "zod";
import { CoppiceError, messageOf } from "../util/errors.ts";
import { schemaProblems } from "../util/schema-problems.ts";
import { type CleanseRecord, cleanseRecordSchema } from "./cleanse.ts";
import { evaluationRecordSchema } from "./evaluation.ts";
import type { EvaluationRecord } from "./evaluation.ts";
import { withPresentFormat } from "./former-names.ts";
import { metricLineSchema, runRecordSchema } from "./run.ts";
import type { MetricLine, RunRecord } from "./run.ts";
import { checkSeal } from "./seal.ts";

/**
 * Parses the text of a JSON record, also of one that had another name in an earlier version.
 *
 * @param where name of the file, for the error
 * @throws CoppiceError E_CHECKPOINT when the text is not JSON, or does not fit the schema
 */
export function parseRecord<T>(schema: z.ZodType<T>, json: string, where: string): T {
  return checkRecord(schema, withPresentFormat(parseJson(json, where)), where);
}

/**
 * Checks a value against a record's schema.
 *
 * @throws CoppiceError E_CHECKPOINT listing what does not fit, by path
 */
export function checkRecord<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new CoppiceError(
    "E_CHECKPOINT",
    `${where}: expected a record of the documented schema, got ${schemaProblems(parsed.error)}`,
    { hint: "docs/reference/records.md describes every field; a record of a newer version needs a newer Coppice" },
  );
}

/** `run.json`. @throws CoppiceError E_CHECKPOINT */
export function parseRunRecord(json: string, where = "run.json"): RunRecord {
  return parseRecord(runRecordSchema, json, where);
}

/** `evaluation.json`. @throws CoppiceError E_CHECKPOINT */
export function parseEvaluationRecord(json: string, where = "evaluation.json"): EvaluationRecord {
  return checkSeal(parseRecord(evaluationRecordSchema, json, where), where);
}

/** `cleanse.json`. @throws CoppiceError E_CHECKPOINT */
export function parseCleanseRecord(json: string, where = "cleanse.json"): CleanseRecord {
  return checkSeal(parseRecord(cleanseRecordSchema, json, where), where);
}

/**
 * `metrics.jsonl`, one line per epoch. A last line without its newline is still being written: it is left out.
 *
 * @throws CoppiceError E_CHECKPOINT naming the line
 */
export function parseMetricLines(jsonl: string, where = "metrics.jsonl"): MetricLine[] {
  const complete = jsonl.slice(0, jsonl.lastIndexOf("\n") + 1);
  return complete
    .split("\n")
    .slice(0, -1)
    .map((line, index) => parseRecord(metricLineSchema, line, `${where} line ${index + 1}`));
}

function parseJson(json: string, where: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new CoppiceError("E_CHECKPOINT", `${where}: expected JSON, got ${messageOf(cause)}`, {
      hint: "the file is damaged: restore it, or make it again",
      cause,
    });
  }
}
