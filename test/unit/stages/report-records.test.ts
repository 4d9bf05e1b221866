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

  it("are shown beside the model that they speak of alone", () => {
    const run = RunFolder.open(forgotten);
    const record = run.readRecord();
    run.writeRecord({ ...record, ...(record.result && { result: { ...record.result, modelSha256: "0".repeat(64) } }) });
    expect(thrownBy(() => reportRecords(forgotten)).message).toMatch(
      /evaluation\.json: expected the record of the model beside it, SHA-256 0{64}, got one of/,
    );
    run.writeRecord(record);
    const base = RunFolder.open(pruned);
    const before = base.readRecord();
    base.writeRecord({
      ...before,
      ...(before.result && { result: { ...before.result, modelSha256: "0".repeat(64) } }),
    });
    expect(reportRecords(forgotten).lineage).toEqual([]);
    base.writeRecord(before);
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

  it.each([".", "../forgotten", "../pruned"])("refuse ancestors that run in a circle: %s", (path) => {
    const [run, base] = [RunFolder.open(forgotten), RunFolder.open(pruned)];
    const [record, before] = [run.readRecord(), base.readRecord()];
    const at = (held: typeof record, way: string): typeof record => ({
      ...held,
      ...(held.parent && { parent: { ...held.parent, path: way, modelSha256: record.result?.modelSha256 ?? "" } }),
    });
    if (path === "../pruned") base.writeRecord(at(before, "../forgotten"));
    else run.writeRecord(at(record, path));
    expect(thrownBy(() => reportRecords(forgotten)).message).toMatch(
      /run\.json: expected a parent that was made before, got .*forgotten, which was made from this run or is it$/,
    );
    run.writeRecord(record);
    base.writeRecord(before);
  });

  it("end where an ancestor is not there any more", () => {
    rmSync(original, { recursive: true });
    expect(reportRecords(forgotten).lineage.map(({ name }) => name)).toEqual(["pruned"]);
  });
});
