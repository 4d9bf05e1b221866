/** The record of a search, from trials made up so that the best is known. */
import { describe, expect, it } from "vitest";
import { tuneRecordSchema, type TuneTrial } from "../../../src/record/index.ts";
import { withForgetSet, makeBaseSplit } from "../../../src/data/split.ts";
import { generateEmbedded } from "../../../src/data/embedded.ts";
import type { PreparedTune } from "../../../src/tune/prepare.ts";
import { tuneRecord } from "../../../src/tune/record.ts";
import { madeUpTune } from "../report/tune/made-up-tune.ts";

const data = generateEmbedded({ numTrain: 60, numTest: 10 });
const split = withForgetSet(makeBaseSplit(data, { seed: 1 }), { kind: "class", classes: [3] }, data);
const tune = {
  config: {
    model: "runs/original",
    request: { kind: "class", classes: [3] },
    method: "l1-sparse",
    options: { epochs: 3 },
    trials: 3,
    withhold: 0.1,
    batchSize: 20,
    data: { allowUnverified: false },
    seed: 1,
    device: "cpu",
  },
  parent: {
    record: { name: "original", result: { modelSha256: "0".repeat(64) } },
    loaded: { dataset: { classNames: data.classNames } },
  },
  split,
  space: madeUpTune.search,
  rungs: madeUpTune.halving.rungs,
  halvingNote: "epochs are the resource",
} as unknown as PreparedTune;

const recordOf = (trials: readonly TuneTrial[]): ReturnType<typeof tuneRecord> =>
  tuneRecord(
    tune,
    { trials, exhausted: false, seconds: 54, original: madeUpTune.original },
    { command: ["coppice", "tune"], out: "runs/tuned" },
  );

describe("the record of a search", () => {
  it("names the smallest objective of what ran in full, with given and drawn options, and how to use them", () => {
    const record = recordOf(madeUpTune.trials);
    expect(tuneRecordSchema.parse(record)).toEqual(record);
    expect(record.best).toMatchObject({ trial: 2, options: { epochs: 3, lr: 0.02, schedule: "decay" } });
    expect(record.best.forget.slice(-2)).toEqual(["--out", "runs/tuned-forgotten"]);
    expect(record.budget).toEqual({ trials: 3, exhausted: false, seconds: 54 });
  });

  it("does not take a trial that was cut short for the best, however small its objective", () => {
    const cut = madeUpTune.trials.map((trial) =>
      trial.trial === 1 ? { ...trial, objective: { ...madeUpTune.best.objective, value: 0.01 } } : trial,
    );
    expect(recordOf(cut).best.trial).toBe(2);
  });

  it("notes failures, that nothing better was found, and an option near the end of its range", () => {
    const notes = (trials: readonly TuneTrial[]): string => recordOf(trials).notes.join(" ");
    expect(notes(madeUpTune.trials)).toContain("1 trial failed");
    expect(notes(madeUpTune.trials)).not.toContain("near an end");
    expect(notes(madeUpTune.trials.slice(0, 1))).toContain("No trial that ran in full was better");
    const edge = madeUpTune.trials.map((trial) =>
      trial.trial === 2 ? { ...trial, options: { ...trial.options, lr: 0.09 } } : trial,
    );
    expect(notes(edge)).toContain("The best lr, 0.09, is near an end of its range, 0.001 to 0.1");
  });

  it("says where the best is no better than the model as it is, and where it is", () => {
    const record = recordOf(madeUpTune.trials);
    expect(record.betterThanNothing).toBe(true);
    expect(record.notes.join(" ")).not.toContain("Nothing that was tried");
    for (const value of [0.1, 0.05, 0]) {
      const original = { ...madeUpTune.original, objective: { ...madeUpTune.original.objective, value } };
      const search = { trials: madeUpTune.trials, exhausted: false, seconds: 54, original };
      const worse = tuneRecord(tune, search, { command: ["coppice", "tune"], out: "runs/tuned" });
      expect(worse.betterThanNothing).toBe(false);
      expect(worse.notes[0]).toMatch(/^Nothing that was tried is better than leaving the model as it is/);
    }
  });

  it("is not made where no trial ran in full", () => {
    expect(() => recordOf(madeUpTune.trials.slice(1, 2))).toThrow(/no trial succeeded/);
  });
});
