/** Records that lie beside a run's model and speak of it, and of no other: its evaluation, and what it did to a backdoor. */
import {
  type CleanseRecord,
  type EvaluationRecord,
  parseCleanseRecord,
  parseEvaluationRecord,
} from "../record/index.ts";
import { sealRecord } from "../record/seal.ts";
import { CoppiceError } from "../util/errors.ts";
import { readText, writeJson } from "../util/files.ts";
import type { RunFolder } from "./run-folder.ts";

/**
 * The evaluation of the run's model, if there is one.
 * @throws CoppiceError E_CHECKPOINT when it was changed, or is of another model
 */
export function readEvaluation(folder: RunFolder): EvaluationRecord | undefined {
  return readBeside(folder, "evaluation", parseEvaluationRecord, "coppice evaluate");
}

/** What the run did to a backdoor, if that was measured. @throws CoppiceError E_CHECKPOINT as readEvaluation */
export function readCleanse(folder: RunFolder): CleanseRecord | undefined {
  return readBeside(folder, "cleanse", parseCleanseRecord, "coppice resume");
}

/** Whether that was measured; not where its record is damaged or of another model, so that it is made again. */
export function isMeasured(folder: RunFolder): boolean {
  try {
    return readCleanse(folder) !== undefined;
  } catch (error) {
    if (error instanceof CoppiceError) return false;
    throw error;
  }
}

/** @returns the record with its hash, as it was written */
export function writeCleanse(folder: RunFolder, record: CleanseRecord): CleanseRecord {
  const sealed = sealRecord(record);
  writeJson(folder.file("cleanse"), sealed);
  return sealed;
}

function readBeside<T extends { readonly run: { readonly modelSha256: string } }>(
  folder: RunFolder,
  name: "evaluation" | "cleanse",
  parse: (text: string, where: string) => T,
  again: string,
): T | undefined {
  if (!folder.has(name)) return undefined;
  const file = folder.file(name);
  const record = parse(readText(file, "E_CHECKPOINT"), file);
  const expected = folder.readRecord().result?.modelSha256 ?? "none yet";
  const got = record.run.modelSha256;
  if (expected === got) return record;
  throw new CoppiceError(
    "E_CHECKPOINT",
    `${file}: expected the record of the model beside it, SHA-256 ${expected}, got one of ${got}`,
    { hint: `it belongs to another run: move it away, and run \`${again} ${folder.path}\`` },
  );
}
