import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { quietContext, RunFolder } from "../../src/stages/index.ts";
import { runSuite, type SuiteSpec } from "../../src/experiments/index.ts";
import { parseRecord, type RunRecord, suiteRecordSchema } from "../../src/record/index.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import "../support/one-thread.ts";
import { tinyGrid } from "../unit/experiments/grid/tiny-grid.ts";

const { train } = tinyGrid();

function suiteOf(epochs = 1): SuiteSpec {
  const rows = [{ method: "finetune", order: "dense", options: { epochs: 1, lr: 0.01 } }] as const;
  const request = { kind: "random", count: 3 } as const;
  return {
    name: "tiny",
    train: { ...train, recipe: { ...train.recipe, epochs } },
    sparsity: 0.9,
    scenarios: [{ name: "random", title: "Random", description: "Three images.", request, rows }],
    notes: [],
  };
}

/** Runs it, and gives what it says of `stage`. */
async function run(out: string, stage: string, spec = suiteOf()): Promise<string> {
  const said: string[] = [];
  const record = await runSuite(spec, out, quietContext({ log: (line) => void said.push(line) }));
  expect(parseRecord(suiteRecordSchema, readFileSync(join(out, "suite.json"), "utf8"), "suite.json")).toEqual(record);
  return said.find((line) => line.startsWith(`${stage}: `)) ?? "nothing";
}

function changeRecord(path: string, changes: Partial<RunRecord>): void {
  const folder = RunFolder.open(path);
  folder.writeRecord({ ...folder.readRecord(), ...changes });
}

/** As a process leaves a folder that is killed while it writes the first record. */
function leaveKilled(path: string): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  writeFileSync(join(path, "lock.json"), JSON.stringify({ pid: dead, host: hostname(), started: null }));
  writeFileSync(join(path, "split.json"), "{");
  writeFileSync(join(path, `.run.json.${dead}.tmp`), "{");
}

it("takes every stage up where it was left", async () => {
  const out = temporaryFolder();
  const stages = ["original", "pruned", join("random", "dense-retrain"), join("random", "dense-finetune")];
  const [original = "", , , tuned = ""] = stages.map((stage) => join(out, stage));
  const startedAt = (path: string): string => RunFolder.open(path).readRecord().startedAt;
  leaveKilled(original);
  expect(await run(out, "original")).toBe("original: starting");
  expect(readdirSync(original).filter((name) => name.startsWith(".") || name.startsWith("lock."))).toEqual([]);

  const allStarted = (): string[] => stages.map((stage) => startedAt(join(out, stage)));
  const made = allStarted();
  expect(await run(out, "original")).toBe("original: finished before");
  expect(allStarted()).toEqual(made);

  leaveKilled(tuned);
  expect(await run(out, "random/dense-finetune")).toBe("random/dense-finetune: starting");
  const again = startedAt(tuned);
  changeRecord(tuned, { status: "interrupted" });
  expect(await run(out, "random/dense-finetune")).toBe("random/dense-finetune: going on");
  expect(RunFolder.open(tuned).readRecord()).toMatchObject({ status: "finished", startedAt: again });

  changeRecord(tuned, { status: "failed", error: { code: "E_DATA", message: "no more" } });
  expect(await run(out, "random/dense-finetune")).toBe("random/dense-finetune: starting again, it failed before");
  expect(startedAt(tuned)).not.toBe(again);
});

it("makes again what came of an original whose settings changed", async () => {
  const out = temporaryFolder();
  await run(out, "original");
  const said: string[] = [];
  const context = quietContext({ log: (line) => void (line.includes(": starting again") && said.push(line)) });
  await runSuite(suiteOf(2), out, context);
  expect(said).toEqual(
    ["original", "pruned", "random/dense-retrain", "random/dense-finetune"].map(
      (stage) => `${stage}: starting again, its settings changed`,
    ),
  );
});

it("does not take somebody's folder for what a stage has left", async () => {
  const out = temporaryFolder();
  mkdirSync(join(out, "original"));
  writeFileSync(join(out, "original", "photo.jpg"), "mine");
  await expect(run(out, "original")).rejects.toThrow("expected a run folder to replace, got one that holds photo.jpg");
  expect(readdirSync(join(out, "original"))).toEqual(["photo.jpg"]);
});
