import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { RunRecord } from "../../../src/record/index.ts";
import { quietContext, RunFolder } from "../../../src/stages/index.ts";
import { writeCleanse } from "../../../src/stages/beside-model.ts";
import { isComplete, takeUp } from "../../../src/stages/take-up.ts";
import { cleanseRecord } from "../report/backdoor/made-up-cleanse.ts";
import { folderOfRuns, trainTiny } from "../../support/tiny-runs.ts";

const runs = folderOfRuns();
let record: RunRecord;

beforeAll(async () => {
  record = RunFolder.open(await trainTiny(join(runs, "original"))).readRecord();
});

/** What is done of a folder that holds this record; none: that is not there yet. */
async function done(name: string, held: RunRecord | null): Promise<string[]> {
  const path = join(runs, name);
  if (held !== null) {
    mkdirSync(path);
    RunFolder.create(path, false)[Symbol.dispose]();
    writeFileSync(join(path, "run.json"), JSON.stringify(held));
  }
  const calls: string[] = [];
  const log = (call: string) => (context: { readonly force?: boolean }) => {
    calls.push(context.force === true ? `${call} with force` : call);
    return Promise.resolve();
  };
  await takeUp(path, { start: log("start"), resume: log("resume") }, quietContext());
  return calls;
}

describe("takeUp", () => {
  it.each<[string, Partial<RunRecord> | null, string[]]>([
    ["nothing", null, ["start with force"]],
    ["failed", { status: "failed" }, ["start with force"]],
    ["interrupted", { status: "interrupted" }, ["resume"]],
    ["running", { status: "running" }, ["resume"]],
    ["finished", {}, []],
  ])("of a folder with a run that is %s", async (name, change, calls) => {
    expect(await done(name, change === null ? null : { ...record, ...change })).toEqual(calls);
  });

  it("resumes a cleanse that is finished but not measured", async () => {
    const cleanse = { ...record, config: { ...record.config, cleanse: {} } };
    expect(await done("unmeasured", cleanse)).toEqual(["resume"]);
    const folder = RunFolder.open(join(runs, "unmeasured"));
    expect(isComplete(folder, cleanse)).toBe(false);
    writeFileSync(folder.file("cleanse"), "{");
    expect(isComplete(folder, cleanse)).toBe(false);
    const modelSha256 = record.result?.modelSha256 ?? "";
    const measured = cleanseRecord([1, 0.1], [0.9, 0.9]);
    writeCleanse(folder, { ...measured, run: { ...measured.run, modelSha256: "a".repeat(64) } });
    expect(isComplete(folder, cleanse)).toBe(false);
    writeCleanse(folder, { ...measured, run: { ...measured.run, modelSha256 } });
    expect(isComplete(folder, cleanse)).toBe(true);
  });
});
