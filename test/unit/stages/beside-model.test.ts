import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isMeasured, readCleanse, readEvaluation, writeCleanse } from "../../../src/stages/beside-model.ts";
import { RunFolder } from "../../../src/stages/index.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { cleanseRecord } from "../report/backdoor/made-up-cleanse.ts";
import { evaluationRecord, runRecord } from "../report/made-up-records.ts";

function runOf(modelSha256: string): RunFolder {
  const folder = temporaryFolder();
  const { result, ...record } = runRecord();
  const changed = { ...record, ...(result && { result: { ...result, modelSha256 } }) };
  writeFileSync(join(folder, "run.json"), JSON.stringify(changed));
  return RunFolder.open(folder);
}

it("a cleanse is read back beside its model, and refused beside another", () => {
  const cleanse = cleanseRecord([0.99, 0.04], [0.94, 0.93]);
  const own = runOf(cleanse.run.modelSha256);
  expect([readCleanse(own), isMeasured(own)]).toEqual([undefined, false]);
  const written = writeCleanse(own, cleanse);
  expect(written).toEqual({ ...cleanse, recordHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  expect([readCleanse(own), isMeasured(own)]).toEqual([written, true]);
  const other = runOf("0".repeat(64));
  writeCleanse(other, cleanse);
  const { message, hint } = thrownBy(() => readCleanse(other));
  expect(message).toBe(
    `${other.file("cleanse")}: expected the record of the model beside it, SHA-256 ${"0".repeat(64)}, got one of ${cleanse.run.modelSha256}`,
  );
  expect(hint).toContain(`coppice resume ${other.path}`);
  expect(isMeasured(other)).toBe(false);
});

it("an evaluation that was changed after it was written is refused; one of an earlier version, without a hash, is not", () => {
  const evaluation = evaluationRecord();
  const run = runOf(evaluation.run.modelSha256);
  writeFileSync(run.file("evaluation"), JSON.stringify(evaluation));
  expect(readEvaluation(run)).toEqual(evaluation);
  writeFileSync(run.file("evaluation"), JSON.stringify({ ...evaluation, recordHash: "0".repeat(64) }));
  expect(thrownBy(() => readEvaluation(run)).message).toContain(
    `${run.file("evaluation")}: expected content of hash 000`,
  );
});
