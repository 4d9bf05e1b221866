import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  DataContext,
  evaluateStage,
  forgetStage,
  quietContext,
  reportRecords,
  RunFolder,
} from "../../../src/stages/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { folderOfRuns, pruneTiny, tinyForgetting, trainTiny } from "../../support/tiny-runs.ts";

const runs = folderOfRuns();
const [original, pruned, forgotten, retrain] = ["original", "pruned", "forgotten", "retrain"].map((name) =>
  join(runs, name),
) as [string, string, string, string];
const context = quietContext({ data: new DataContext() });

beforeAll(async () => {
  await trainTiny(original);
  await pruneTiny(original, pruned);
  await forgetStage(tinyForgetting(pruned), forgotten, context);
  await forgetStage({ ...tinyForgetting(pruned), method: "retrain", options: { epochs: 1 } }, retrain, context);
});

describe("the records of a report", () => {
  it("are those of the run and of its ancestors, the original first", () => {
    const { run, split, history, lineage, ...others } = reportRecords(forgotten);
    expect(lineage.map(({ name }) => name)).toEqual(["original", "pruned"]);
    expect(run.name).toBe("forgotten");
    expect(split).toEqual(RunFolder.open(forgotten).readSplit());
    expect(history.map(({ epoch }) => epoch)).toEqual([1]);
    expect(others).toEqual({});
    expect(reportRecords(original).lineage).toEqual([]);
  });

  it("are its evaluation and Retrain's run too, once there are some", async () => {
    const files = { data: { allowUnverified: false }, device: "cpu", engine: "dense" } as const;
    const written = await evaluateStage({ ...files, model: forgotten, oracle: retrain }, context);
    const { evaluation, oracle } = reportRecords(forgotten);
    expect(evaluation).toEqual(written);
    expect(oracle).toEqual(RunFolder.open(retrain).readRecord());
    rmSync(retrain, { recursive: true });
    const without = reportRecords(forgotten);
    expect([without.evaluation, without.oracle]).toEqual([written, undefined]);
  });

  it("are of a run that is not finished, too", () => {
    const folder = RunFolder.open(original);
    const record = folder.readRecord();
    const { result: _, ...running } = { ...record, status: "running" as const };
    folder.writeRecord(running);
    expect(reportRecords(original).run).toEqual(running);
    folder.writeRecord(record);
  });

  it("are refused where one is damaged, by its file", () => {
    const file = join(forgotten, "evaluation.json");
    writeFileSync(file, '{"format": "coppice-eval');
    expect(thrownBy(() => reportRecords(forgotten))).toMatchObject({
      code: "E_CHECKPOINT",
      message: expect.stringContaining(file),
    });
    rmSync(file);
    expect(reportRecords(forgotten).evaluation).toBeUndefined();
    expect(thrownBy(() => reportRecords(join(runs, "nowhere"))).code).toBe("E_CHECKPOINT");
  });

  it("end where an ancestor is not there any more", () => {
    rmSync(original, { recursive: true });
    expect(reportRecords(forgotten).lineage.map(({ name }) => name)).toEqual(["pruned"]);
  });
});
