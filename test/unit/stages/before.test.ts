import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { EvaluationRecord } from "../../../src/record/index.ts";
import { sealRecord } from "../../../src/record/seal.ts";
import { goneNote } from "../../../src/stages/before.ts";
import {
  DataContext,
  evaluateStage,
  forgetStage,
  quietContext,
  reportRecords,
  resumeStage,
  RunFolder,
} from "../../../src/stages/index.ts";
import { rejectionOf } from "../../support/rejection.ts";
import { folderOfRuns, tinyForgetting, trainTiny } from "../../support/tiny-runs.ts";

const runs = folderOfRuns();
const at = (name: string): string => join(runs, name);
const said: string[] = [];
const context = quietContext({ data: new DataContext(), log: (message) => void said.push(message) });
const evaluate = (name: string, oracle?: string): Promise<EvaluationRecord> =>
  evaluateStage(
    {
      model: at(name),
      ...(oracle === undefined ? {} : { oracle: at(oracle) }),
      data: { allowUnverified: false },
      device: "cpu",
      engine: "dense",
    },
    context,
  );
let whole: EvaluationRecord;
let trainLoss: number | undefined;

beforeAll(async () => {
  await trainTiny(at("original"));
  const forgetting = tinyForgetting(at("original"));
  await forgetStage(forgetting, at("measured"), context);
  await forgetStage({ ...forgetting, seed: 2 }, at("unmeasured"), context);
  await forgetStage({ ...forgetting, seed: 3 }, at("old"), context);
  await forgetStage({ ...forgetting, method: "retrain", options: { epochs: 1 } }, at("retrain"), context);
  whole = await evaluate("measured");
  trainLoss = RunFolder.open(at("original")).readRecord().result?.trainLoss;
});

describe("a run whose original is not there any more", () => {
  it("is evaluated with what an earlier evaluation says of it, whatever that compared with", async () => {
    expect(goneNote(null)).toBeUndefined();
    rmSync(at("original"), { recursive: true });
    said.length = 0;
    const { before, verdict, samples, notes, ...record } = await evaluate("measured", "retrain");
    const { disparityAverage, disparityInterval: _interval, metrics, ...model } = before ?? expect.fail("none");
    expect({ ...model, UA: metrics.UA.value }).toEqual({
      name: "original",
      path: "../original",
      modelSha256: whole.before?.modelSha256,
      sparsity: 0,
      UA: whole.before?.metrics.UA.value,
    });
    expect(disparityAverage).toBeGreaterThanOrEqual(0);
    expect(verdict).toMatchObject({ same: whole.verdict?.same, answers: whole.verdict?.answers });
    expect(record.originalTrainLoss).toBe(trainLoss);
    expect(samples[0]).not.toHaveProperty("probabilityBefore");
    const note = `The original is no longer in ${at("original")}: the scores before forgetting are those of an earlier evaluation.`;
    expect(notes).toContain(note);
    // Said before the work, not after.
    expect(said.slice(0, 2)).toEqual([`note: ${note}`, "evaluating measured"]);
    expect((await evaluate("measured")).before).toEqual(whole.before);
  });

  it("is evaluated without the scores before where nobody has measured them, with what its own record holds", async () => {
    const { before, verdict, notes, originalTrainLoss } = await evaluate("unmeasured", "retrain");
    expect(before).toBeUndefined();
    expect(verdict).not.toHaveProperty("gain");
    expect(["not compared", "guesses"]).toContain(verdict?.answers);
    expect(originalTrainLoss).toBe(trainLoss);
    expect(notes.at(-1)).toMatch(
      /^The original is no longer in .*, so that the scores before forgetting cannot be measured\.$/,
    );
    expect(reportRecords(at("unmeasured")).lineage).toEqual([]);
  });

  it("is evaluated where its record, an older one, says nothing of it", async () => {
    const folder = RunFolder.open(at("old"));
    const { parent, ...record } = folder.readRecord();
    const { path = "", name = "", modelSha256 = "" } = parent ?? {};
    folder.writeRecord({ ...record, parent: { path, name, modelSha256 } });
    expect(await evaluate("old")).not.toHaveProperty("originalTrainLoss");
  });

  it("takes no evaluation of other weights for its own", async () => {
    const other = { ...whole, run: { ...whole.run, modelSha256: "0".repeat(64) } };
    writeFileSync(RunFolder.open(at("unmeasured")).file("evaluation"), JSON.stringify(sealRecord(other)));
    expect((await evaluate("unmeasured")).before).toBeUndefined();
  });

  it("cannot be resumed, and says so at once", async () => {
    const folder = RunFolder.open(at("old"));
    const { result: _result, ...record } = folder.readRecord();
    folder.writeRecord({ ...record, status: "interrupted" });
    expect(await rejectionOf(resumeStage(at("old"), context))).toMatchObject({
      code: "E_CHECKPOINT",
      message: `${at("original")}: expected the run that old was begun from, got no such folder`,
    });
    expect(folder.readRecord().status).toBe("interrupted");
  });
});
