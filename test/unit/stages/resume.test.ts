import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { RunRecord, TransferConfig } from "../../../src/record/index.ts";
import {
  DataContext,
  forgetStage,
  pruneStage,
  quietContext,
  resumeStage,
  RunFolder,
  type StageContext,
  trainStage,
  transferStage,
} from "../../../src/stages/index.ts";
import { startOrResume } from "../../../src/stages/resume.ts";
import { setNumThreads } from "../../../src/torch/index.ts";
import { Interrupted } from "../../../src/train/index.ts";
import { rejectionOf } from "../../support/rejection.ts";
import { stopAfter } from "../../support/stop-after.ts";
import { folderOfRuns, tinyForgetting, tinyPruning, tinyTraining, trainTiny } from "../../support/tiny-runs.ts";

const runs = folderOfRuns();
const at = (name: string): string => join(runs, name);
const [original, stopped] = [at("original"), at("stopped")];
const data = new DataContext();
const context = quietContext({ data });

beforeAll(async () => {
  await trainTiny(original);
  await expect(trainStage(tinyTraining, stopped, stopAfter(2, { data }))).rejects.toBeInstanceOf(Interrupted);
});
afterEach(() => setNumThreads(1));

/** The interrupted training once more, to try something on. */
function copyOf(name: string, change: Partial<RunRecord> = {}): RunFolder {
  cpSync(stopped, at(name), { recursive: true });
  const folder = RunFolder.open(at(name));
  folder.writeRecord({ ...folder.readRecord(), ...change });
  return folder;
}

function tinyTransfer(model: string): TransferConfig {
  const { data: target, recipe, device } = tinyTraining;
  return { model, data: target, probe: "full", recipe, validationFraction: 0.2, seed: 1, device };
}

const shaOf = ({ result }: RunRecord): string | undefined => result?.modelSha256;
const expected = (): string => RunFolder.open(original).requireFinished().result.modelSha256;

describe("an interrupted run", () => {
  it("may be resumed when its process was killed, and knew no more than that it ran", async () => {
    const killed = copyOf("killed", { status: "running" });
    expect(shaOf(await resumeStage(killed.path, context))).toBe(expected());
  });

  it("begins at its start where there is no checkpoint yet", async () => {
    const early = copyOf("early");
    rmSync(early.file("checkpoint"));
    rmSync(early.file("rewind"));
    expect(shaOf(await resumeStage(early.path, context))).toBe(expected());
    expect(early.readMetrics().map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  it("may have been moved, may be interrupted again, and says when it was resumed, each time", async () => {
    const moved = copyOf("moved");
    await expect(resumeStage(moved.path, stopAfter(1, { data }))).rejects.toBeInstanceOf(Interrupted);
    expect(moved.readRecord()).toMatchObject({ status: "interrupted", resumedAt: [expect.any(String)] });
    const record = await resumeStage(moved.path, context);
    expect([record.resumedAt.length, shaOf(record)]).toEqual([2, expected()]);
  });

  it("that had failed loses its error, and is done again", async () => {
    const failed = copyOf("failed", { status: "failed", error: { code: "E_NATIVE", message: "out of memory" } });
    const record = await resumeStage(failed.path, context);
    expect([record.status, record.error]).toEqual(["finished", undefined]);
    expect(failed.readRecord()).not.toHaveProperty("error");
    expect(readdirSync(failed.path)).not.toContain("lock.json");
  });

  it("with another number of threads says that rounding may differ", async () => {
    const said: string[] = [];
    const run = copyOf("threads");
    setNumThreads(2);
    await resumeStage(run.path, { ...context, log: (message) => void said.push(message) });
    expect(said[0]).toBe("started with 1 threads, resumed with 2: rounding, and so the result, may differ");
  });
});

describe("what cannot be resumed", () => {
  it("is a finished run, which stays as it was", async () => {
    const before = readFileSync(join(original, "run.json"));
    const error = await rejectionOf(resumeStage(original, context));
    expect([error.code, error.message, error.hint]).toEqual([
      "E_CHECKPOINT",
      `${original}: expected an interrupted run, got one that is finished`,
      "nothing is left to do",
    ]);
    expect(readFileSync(join(original, "run.json"))).toEqual(before);
  });

  it("is a folder without a run", async () => {
    expect((await rejectionOf(resumeStage(at("nowhere"), context))).message).toMatch(/got no such folder$/);
    expect(existsSync(at("nowhere"))).toBe(false);
  });

  it("is a run that another process is at", async () => {
    const run = copyOf("busy");
    writeFileSync(join(run.path, "lock.json"), JSON.stringify({ pid: process.ppid, host: hostname(), started: null }));
    expect((await rejectionOf(resumeStage(run.path, context))).message).toContain(`in use by process ${process.ppid}`);
    expect(run.readRecord().status).toBe("interrupted");
  });

  it("is a run whose checkpoint is damaged, and what to do about it is said", async () => {
    const run = copyOf("damaged");
    const file = run.file("checkpoint");
    const bytes = readFileSync(file);
    bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1);
    writeFileSync(file, bytes);
    const error = await rejectionOf(resumeStage(run.path, context));
    expect([error.code, error.hint]).toEqual([
      "E_CHECKPOINT",
      "the checkpoint is damaged: delete it to start this stage again",
    ]);
    expect(existsSync(file)).toBe(true);
    rmSync(file);
    expect(shaOf(await resumeStage(run.path, context))).toBe(expected());
  });

  it("is a run with a definition that there is none of any more; its record stays as it was", async () => {
    const run = copyOf("plugin", { plugins: [{ kind: "architecture", name: "lost-net" }] });
    const before = run.readRecord();
    expect((await rejectionOf(resumeStage(run.path, context))).message).toMatch(
      /^.*: expected the architecture lost-net/,
    );
    expect(run.readRecord()).toEqual(before);
  });

  it.each<[string, (out: string, within: StageContext) => Promise<RunRecord>]>([
    ["pruned", (out, within) => pruneStage(tinyPruning(at("base")), out, within)],
    ["forgotten", (out, within) => forgetStage(tinyForgetting(at("base")), out, within)],
    ["transferred", (out, within) => transferStage(tinyTransfer(at("base")), out, within)],
  ])("is what was %s from an original that was replaced since", async (name, stage) => {
    const { modelSha256 } = RunFolder.open(await trainTiny(at("base"))).requireFinished().result;
    await expect(stage(at(name), stopAfter(1, { data }))).rejects.toBeInstanceOf(Interrupted);
    const recipe = { ...tinyTraining.recipe, epochs: 1 };
    const other = await trainStage({ ...tinyTraining, recipe }, at("base"), { ...context, force: true });
    expect(await rejectionOf(resumeStage(at(name), context))).toMatchObject({
      code: "E_CHECKPOINT",
      message: `${at("base")}: expected the model of SHA-256 ${modelSha256}, got ${shaOf(other)}`,
    });
    rmSync(at("base"), { recursive: true });
  });
});

describe("startOrResume", () => {
  const start = (path: string): ((starting: StageContext) => Promise<unknown>) =>
    vi.fn((starting: StageContext) => trainStage(tinyTraining, path, starting));

  it("starts what was not begun, or has failed", async () => {
    const begin = start(at("begun"));
    await startOrResume(at("begun"), begin, context);
    expect(begin).toHaveBeenCalledTimes(1);
    expect(shaOf(RunFolder.open(at("begun")).readRecord())).toBe(expected());
    const failed = copyOf("failed-before", { status: "failed" });
    await startOrResume(failed.path, start(failed.path), context);
    expect(failed.readRecord()).toMatchObject({ status: "finished", resumedAt: [] });
  });

  it("resumes what was interrupted, to the same bytes", async () => {
    const run = copyOf("interrupted");
    const begin = start(run.path);
    await startOrResume(run.path, begin, context);
    expect(begin).not.toHaveBeenCalled();
    expect([run.readRecord().resumedAt.length, shaOf(run.readRecord())]).toEqual([1, expected()]);
  });

  it("leaves what is finished unchanged", async () => {
    const begin = start(original);
    const { mtimeMs } = statSync(join(original, "run.json"));
    await startOrResume(original, begin, context);
    expect(begin).not.toHaveBeenCalled();
    expect(statSync(join(original, "run.json")).mtimeMs).toBe(mtimeMs);
  });
});
