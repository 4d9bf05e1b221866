import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repetitionOf, summaries } from "../../../../src/experiments/backdoor/repetition.ts";
import type { JobStore } from "../../../../src/jobs/job-store.ts";
import type { StageJob } from "../../../../src/jobs/stage-jobs/index.ts";
import type { CleanseRecord } from "../../../../src/record/index.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { thrownBy } from "../../../support/thrown-by.ts";
import { cleanseRecord } from "../../report/backdoor/made-up-cleanse.ts";
import { runRecord } from "../../report/made-up-records.ts";

const job = (key: string): StageJob => ({ key, title: key }) as unknown as StageJob;

/** What a store gives of a cleanse with that record. */
function repetitionFrom(record: CleanseRecord): ReturnType<typeof repetitionOf> {
  const folder = temporaryFolder();
  for (const key of ["base", "cleanse"]) mkdirSync(join(folder, key));
  writeFileSync(join(folder, "base", "run.json"), JSON.stringify(runRecord()));
  writeFileSync(join(folder, "cleanse", "cleanse.json"), JSON.stringify(record));
  const store: Pick<JobStore, "read"> = { read: (key, read) => read(join(folder, key)) };
  return repetitionOf({ base: job("base"), cleanse: job("cleanse"), seed: 3 }, store as JobStore);
}

describe("a repetition", () => {
  const record = cleanseRecord([0.99, 0.05], [0.94, 0.92]);

  it("is the scores before and after, with their intervals, and the training loss of the model before", () => {
    const found = repetitionFrom(record);
    expect(found).toMatchObject({ seed: 3, originalTrainLoss: runRecord().result?.trainLoss, steps: 1590 });
    expect([found.before.ASR, found.after.ASR, found.before.SA, found.after.SA]).toEqual([0.99, 0.05, 0.94, 0.92]);
    expect(found.intervals?.after.ASR).toEqual(record.run.metrics.ASR?.interval);
    expect(found.intervals?.DER).toEqual([0.1, 0.99]);
    expect(found.trace[1]).toEqual({ step: 159, ASR: 0.52, ASRReference: 0.52, SA: 0.92 });
    expect(found.after).not.toHaveProperty("heldOut");
  });

  it("cannot be read from a cleanse of an unknown attack", () => {
    const { DER: _DER, ...unrated } = record;
    expect(thrownBy(() => repetitionFrom(unrated)).message).toBe("cleanse: expected a rating, got none");
    const { ASR: _ASR, ...clean } = record.run.metrics;
    const unscored = { ...record, run: { ...record.run, metrics: clean } };
    expect(thrownBy(() => repetitionFrom(unscored)).message).toBe("cleanse: expected scores of the attack, got none");
  });
});

describe("summaries", () => {
  it("are over seeds, before and after apart; of no seed there are none", () => {
    const [high, low] = [cleanseRecord([1, 0.2], [0.9, 0.8]), cleanseRecord([0.98, 0.1], [0.9, 0.7])].map(
      repetitionFrom,
    );
    const { ASR, ASRBefore, SA, DER } = summaries([high, low] as Parameters<typeof summaries>[0]);
    expect([ASR?.mean, ASR?.n]).toEqual([expect.closeTo(0.15, 12), 2]);
    expect(ASRBefore?.mean).toBeCloseTo(0.99, 12);
    expect(SA?.mean).toBeCloseTo(0.75, 12);
    expect(DER?.mean).toBeCloseTo((0.85 + 0.84) / 2, 12);
    expect(summaries([])).toEqual({});
  });
});
