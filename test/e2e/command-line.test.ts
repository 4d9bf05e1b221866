/** The program as its user runs it: the main job from training to report, killed and resumed, and misused. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PrunePlan } from "../../src/stages/index.ts";
import { keyOf } from "../../src/sparse/break-even.ts";
import { parseEvaluationRecord, parseRunRecord, readSplit, type RunRecord } from "../../src/record/index.ts";
import { commandLine, type Ended, program, coppice as startCoppice, programFolder } from "../support/program.ts";

const folder = programFolder();
afterAll(() => rmSync(folder, { recursive: true }));

/** As installed, in a process; the job's main steps at least once. */
const coppice = (...args: string[]): Promise<Ended> => startCoppice(folder, ...args);
const run = (...args: string[]): Promise<Ended> => commandLine(folder, ...args);

const training = [
  "--data",
  "embedded",
  "--num-train",
  "200",
  "--num-test",
  "60",
  "--arch",
  "resnet20s",
  "--epochs",
  "3",
  "--batch-size",
  "32",
  "--no-augment",
];

function record(name: string): RunRecord {
  return parseRunRecord(readFileSync(join(folder, name, "run.json"), "utf8"));
}

/** What the engine is chosen by, known before, so that no test depends on what is faster here. */
const breakEven = { share: 0.5, denseSecondsPerImage: 0.01, measuredAt: "2026-11-25T12:00:00.000Z" };

beforeAll(async () => {
  const { code, stderr } = await coppice("train", ...training, "--out", "original");
  expect(stderr).not.toContain("error");
  expect(code).toBe(0);
  const { model } = record("original");
  const key = keyOf({ ...model, normalize: { mean: [], std: [] } } as never);
  mkdirSync(join(folder, "cache"));
  writeFileSync(join(folder, "cache", "break-even.json"), JSON.stringify({ [key]: breakEven }));
});

it("has nothing against a reader that leaves early", async () => {
  const reader = spawn(process.execPath, [program, "train", "--help"], { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  reader.stderr.on("data", (data: Buffer) => (errors += data.toString()));
  reader.stdout.destroy();
  const [code] = (await once(reader, "exit")) as [number];
  expect([code, errors]).toEqual([0, ""]);
});

/** Runs the program by a shell in `folder`, where `redirection` sends its streams. */
function shell(words: string, redirection: string): Promise<Ended> {
  return new Promise((resolve) => {
    const command = `"${process.execPath}" "${program}" ${words} ${redirection}`;
    execFile("bash", ["-c", command], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe.runIf(existsSync("/dev/full"))("on a full disk", () => {
  const short = `train ${training.join(" ")} --epochs 1`;

  it("goes on without its log", async () => {
    expect(await shell(`${short} --out silent`, "2>/dev/full")).toMatchObject({ code: 0, stderr: "" });
    expect(record("silent").status).toBe("finished");
  });

  it("says in one sentence that results are lost, once all work is done", async () => {
    const { code, stderr } = await shell(`${short} --out unheard`, ">/dev/full");
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: standard output: expected .* ENOSPC.*\n$/m)]);
    expect(stderr).not.toContain("    at ");
    expect(record("unheard").status).toBe("finished");
    expect(await shell("--help", ">/dev/full")).toMatchObject({ code: 1, stderr: expect.stringContaining("ENOSPC") });
    expect(await shell("--help", ">/dev/full 2>/dev/full")).toEqual({ code: 1, stdout: "", stderr: "" });
  });
});

describe("a plugin", () => {
  it.each([
    ["waits for what never comes", "await new Promise(() => {});", /^error: the command: expected its work to end/],
    [
      "fails when nobody looks",
      "setTimeout(() => { throw new Error('late'); }); await new Promise((done) => setTimeout(done, 9000));",
      /plugin\.mjs: expected its code to run, got: late/,
    ],
    [
      "breaks a promise that nobody has",
      "Promise.reject(null); await new Promise((done) => setTimeout(done, 9000));",
      /null/,
    ],
  ])("that %s ends the command with a sentence", async (_, text, said) => {
    writeFileSync(join(folder, "plugin.mjs"), text);
    const { code, stderr } = await coppice("methods", "--plugin", "plugin.mjs");
    expect([code, stderr]).toEqual([1, expect.stringMatching(said)]);
    expect(stderr).not.toContain("    at ");
  });
});

it("tells the shell how it ended", async () => {
  const [usage, error] = [await coppice("trian"), await coppice("evaluate", "original")];
  expect([usage.code, usage.stderr]).toEqual([2, expect.stringContaining("Did you mean train")]);
  expect([error.code, error.stderr]).toEqual([1, expect.stringContaining("expected a run with a forget set")]);
});

describe("the main job", () => {
  it("shows what each allocation would leave, and prunes by one of them", async () => {
    const plan = ["prune", "--model", "original", "--sparsity", "0.9", "--plan"];
    const { stdout, code } = await run(...plan, "--json");
    expect(code).toBe(0);
    expect(existsSync(join(folder, "original", "evaluation.json"))).toBe(false);
    const { layers, allocations, denseSecondsPerStep } = JSON.parse(stdout) as PrunePlan;
    expect(layers.length).toBe(19);
    expect(layers.reduce((sum, { flops }) => sum + flops, 0)).toBeCloseTo(1, 9);
    expect(denseSecondsPerStep).toBeGreaterThan(0);
    expect(allocations.map(({ name }) => name)).toEqual(["global", "layer-wise", "uniform", "erk", "flops", "n:m"]);
    expect(allocations.at(-1)?.obstacle).toMatch(/^n:m: expected sparsity 0\.25, 0\.5 or 0\.75/);
    for (const { sparsity, secondsPerStep, speedUp, densities, engine } of allocations.slice(0, -1)) {
      expect(sparsity).toBeCloseTo(0.9, 3);
      expect(speedUp).toBeCloseTo(denseSecondsPerStep / secondsPerStep, 9);
      expect(densities.length).toBe(layers.length);
      expect(engine).toBe("sparse");
    }
    const table = await run(...plan, "--flops", "0.001");
    expect(table.stdout).toMatch(/layer1\.0\.conv1\.weight.*\n/);
    expect(table.stdout).toMatch(/flops: expected at least 0\.\d+ at sparsity 0\.9, got 0\.001/);
    const byFlops = ["--sparsity", "0.9", "--allocation", "flops", "--flops", "0.12", "--epochs", "0"];
    expect((await run("prune", "--model", "original", ...byFlops, "--out", "by-flops")).code).toBe(0);
    const { mask } = record("by-flops");
    expect(mask?.allocation).toBe("flops");
    const left = (mask?.layers ?? []).map(({ nonzero, numel }, i) => (nonzero / numel) * (layers[i]?.flops ?? 0));
    expect(left.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(0.12);
  });

  it("runs from training to report", async () => {
    expect((await run("prune", "--model", "original", "--sparsity", "0.9", "--out", "pruned")).code).toBe(0);
    expect(record("pruned").mask?.sparsity).toBeCloseTo(0.9, 3);
    const forget = ["forget", "--model", "pruned", "--class", "3"];
    expect((await run(...forget, "--method", "retrain", "--out", "oracle")).code).toBe(0);
    expect(
      (await coppice(...forget, "--method", "l1-sparse", "--epochs", "1", "--solver", "proximal", "--out", "forgotten"))
        .code,
    ).toBe(0);
    expect(record("forgotten").method?.order).toBe("prune-first");
    // Both engines: the same weights live, and what is masked is zero in the file of either.
    const { engine, result, split } = record("forgotten");
    expect(engine).toEqual({
      name: "sparse",
      reason: expect.stringMatching(/with live weights; on this machine sparse kernels are faster up to 0.50$/),
      denseSecondsPerImage: 0.01,
    });
    expect(result?.denseSeconds).toBeCloseTo(0.01 * split.counts.retain, 9);
    expect(
      (await run(...forget, "--method", "finetune", "--epochs", "1", "--engine", "dense", "--out", "densely")).code,
    ).toBe(0);
    expect(record("densely").engine).toEqual({ name: "dense", reason: "as asked" });
    expect(record("densely").result?.denseSeconds).toBeUndefined();
    const sparsity = (name: string): number[] => (record(name).result?.layers ?? []).map(({ nonzero }) => nonzero);
    expect(sparsity("densely")).toEqual(sparsity("oracle"));
    const { stdout, code } = await coppice("evaluate", "forgotten", "--oracle", "oracle", "--json");
    expect(code).toBe(0);
    const evaluation = parseEvaluationRecord(stdout);
    expect(evaluation.run.engine).toEqual(engine);
    expect(evaluation.metrics.RTE.denseSeconds).toBe(result?.denseSeconds);
    // The dense operators give the same audit, up to single images whose logits rounding decides.
    const dense = await run("evaluate", "forgotten", "--oracle", "oracle", "--engine", "dense", "--json");
    expect(dense.stderr).not.toContain("sparse engine");
    expect(parseEvaluationRecord(dense.stdout).metrics.TA.value).toBeCloseTo(evaluation.metrics.TA.value, 1);
    expect(evaluation.oracle?.metrics.UA.value).toBe(1);
    expect(evaluation.metrics.UA?.gap).toBeCloseTo(Math.abs(1 - (evaluation.metrics.UA?.value ?? NaN)), 12);
    expect(evaluation.metrics.MIA?.confidence.gap).toBeDefined();
    expect(evaluation.samples.length).toBe(16);
    expect((await coppice("report", "forgotten")).code).toBe(0);
    const html = readFileSync(join(folder, "forgotten", "report.html"), "utf8");
    expect(html).toContain("<!doctype html>");
    expect(html).toMatch(/dense: about \d+(\.\d+)? s, [\d.]+ times as long/);
  });

  it("never moves a masked weight", () => {
    const { mask, result } = record("forgotten");
    for (const { name, nonzero } of mask?.layers ?? expect.fail("no mask")) {
      const layer = result?.layers.find((candidate) => candidate.name === name);
      expect(layer?.nonzero, name).toBeLessThanOrEqual(nonzero);
    }
  });

  it("gives the same bytes again, and after kill -9", async () => {
    const expected = record("original").result?.modelSha256;
    const child = spawn(process.execPath, [program, "train", ...training, "--out", "killed"], {
      cwd: folder,
      stdio: "ignore",
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const metrics = join(folder, "killed", "metrics.jsonl");
    while (child.exitCode === null && !(existsSync(metrics) && readFileSync(metrics, "utf8").includes("\n"))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill("SIGKILL");
    await ended;
    expect(record("killed").status).toBe("running");
    expect((await coppice("resume", "killed")).code).toBe(0);
    expect(record("killed").result?.modelSha256).toBe(expected);
    expect(record("killed").resumedAt.length).toBe(1);
  });
});

describe("experiments with separate options", () => {
  it("are named by the help of `coppice experiment`", async () => {
    const { code, stdout } = await run("experiment", "--help");
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/coppice experiment theory.*coppice experiment transfer/),
    ]);
  });

  it.each([
    [["experiment", "theory", "--help"], 0, /Usage: coppice theory .*--num-train/s],
    [["--debug", "experiment", "theory", "--seeds", "many"], 2, /'--seeds <n>' argument 'many' is invalid/],
    [["theory", "--seeds", "0", "--out", "x"], 2, /'--seeds <n>' argument '0' is invalid.*at least 1/],
    [["worker", "--queue", "redis://x", "--jobs", "x", "--lease", "-1"], 2, /argument '-1' is invalid.*at least 1/],
    [["experiment", "transfer", "--quick", "--source", "original", "--out", "x"], 2, /what to transfer: expected/],
    // Only a recipe's name is one: not a folder's.
    [["experiment", "tabel1", "--out", "theory"], 2, /recipe: expected .*table1.*suspects/],
  ])("run as %j", async (args, code, said) => {
    const ended = await run(...args);
    expect(ended.stdout + ended.stderr).toMatch(said);
    expect(ended.code).toBe(code);
    expect(existsSync(join(folder, "x"))).toBe(false);
  });
});

describe("bad input", () => {
  const cases: readonly [string, string[], number, RegExp][] = [
    ["an unknown option", ["train", "--epocs", "3", "--out", "x"], 2, /Did you mean --epochs/],
    ["an unknown command", ["trian"], 2, /Did you mean train/],
    [
      "an option of another method",
      ["forget", "--model", "original", "--method", "finetune", "--gamma", "1", "--class", "3", "--out", "x"],
      2,
      /finetune: expected one of its options/,
    ],
    [
      "an unknown method",
      ["forget", "--model", "original", "--method", "finetun", "--class", "3", "--out", "x"],
      2,
      /did you mean finetune\?/,
    ],
    ["an unknown data set", ["train", "--data", "cifar11", "--out", "x"], 2, /did you mean cifar10\?/],
    ["no forget set", ["forget", "--model", "original", "--out", "x"], 2, /expected one of --class/],
    [
      "a class that does not exist",
      ["forget", "--model", "original", "--class", "11", "--out", "x"],
      2,
      /--class: expected 0 to 9/,
    ],
    [
      "a forget set of everything",
      ["forget", "--model", "original", "--class", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "--out", "x"],
      2,
      /expected a class to be left/,
    ],
    [
      "an empty forget set",
      ["forget", "--model", "original", "--count", "0", "--out", "x"],
      2,
      /--count: expected 1 to/,
    ],
    [
      "a sparsity of 1",
      ["prune", "--model", "original", "--sparsity", "1", "--out", "x"],
      2,
      /sparsity: expected a number in \[0, 1\), got 1/,
    ],
    [
      "the sparse engine for a model that is not pruned",
      ["forget", "--model", "original", "--class", "3", "--engine", "sparse", "--out", "x"],
      1,
      /--engine sparse: expected a pruned model on the CPU, got a model without a mask/,
    ],
    [
      "an allocation that does not exist",
      ["prune", "--model", "original", "--allocation", "unifrom", "--out", "x"],
      2,
      /allocation: expected .*uniform/,
    ],
    [
      "a budget of multiplications for another allocation",
      ["prune", "--model", "original", "--flops", "0.1", "--out", "x"],
      1,
      /flops: expected with allocation flops only, got allocation global/,
    ],
    ["pruning to nowhere", ["prune", "--model", "original"], 2, /--out: expected the run folder to write, got none/],
    [
      "bf16 for a model that is not pruned",
      ["forget", "--model", "original", "--class", "3", "--precision", "bf16", "--out", "x"],
      1,
      /--precision bf16: expected a pruned model on the CPU, on the sparse engine, got a model without a mask/,
    ],
    [
      "an engine that does not exist",
      ["prune", "--model", "original", "--engine", "fast", "--out", "x"],
      2,
      /expected one of auto, sparse, dense/,
    ],
    [
      "a negative rate",
      ["train", ...training, "--lr", "-1", "--out", "x"],
      2,
      /lr: expected a finite number > 0, got -1/,
    ],
    ["a rate that is no number", ["train", ...training, "--lr", "abc", "--out", "x"], 2, /expected a number/],
    [
      "a model that is not there",
      ["forget", "--model", "nowhere", "--class", "3", "--out", "x"],
      1,
      /expected a run folder, got no such folder/,
    ],
    ["evaluating a run that forgot nothing", ["evaluate", "original"], 1, /expected a run with a forget set/],
  ];
  it.each(cases)("%s", async (_, args, code, message) => {
    const ended = await run(...args);
    expect(ended.stderr).toMatch(message);
    expect(ended.code).toBe(code);
    expect(ended.stderr).not.toContain("    at ");
    expect(existsSync(join(folder, "x"))).toBe(false);
  });

  it("leaves an existing folder as it is, and --force replaces runs only", async () => {
    const before = readFileSync(join(folder, "original", "run.json"), "utf8");
    const ended = await run("train", ...training, "--out", "original");
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/expected a folder that is new or empty/);
    expect(readFileSync(join(folder, "original", "run.json"), "utf8")).toBe(before);
    writeFileSync(join(folder, "notes.txt"), "mine");
    const forced = await run("train", ...training, "--out", ".", "--force");
    expect(forced.code).toBe(1);
    expect(readdirSync(folder)).toContain("notes.txt");
  });

  it("says which images it would forget, of which classes, and writes nothing where it only shows", async () => {
    const { train, validation } = readSplit(join(folder, "original", "split.json")).indices;
    const rows = [...train.slice(0, 5), ...validation.slice(0, 2)].map((i, row) => `train/${i};C-${row % 2}`);
    writeFileSync(join(folder, "rows.csv"), ["record;customer", ...rows].join("\r\n"));
    const of = [
      "forget",
      "--model",
      "original",
      "--ids",
      "rows.csv",
      "--id-column",
      "record",
      "--out",
      "x",
      "--dry-run",
    ];
    const refused = await run(...of);
    expect(refused.stderr).toMatch(
      /got 7 ids: 5 were trained on, 2 are in validation, 0 in test, 0 unknown\n {2}--skip-untrained/,
    );
    const shown = await run(...of, "--where", "customer=C-0", "--skip-untrained", "--faults", "faults.csv");
    expect([shown.code, shown.stdout]).toEqual([0, ""]);
    expect(shown.stderr).toMatch(/to forget: 3 images of the 180 trained on: the 3 images listed in rows\.csv/);
    expect(shown.stderr).toContain(`"train/${train[0]}", "train/${train[2]}", "train/${train[4]}"`);
    expect(shown.stderr).toMatch(/ {2}class \d \(\w+\): \d of \d+ images/);
    expect(readFileSync(join(folder, "faults.csv"), "utf8")).toMatch(
      /^line,value,part,cause\n8,train\/\d+,validation,/,
    );
    expect(existsSync(join(folder, "x"))).toBe(false);
  });

  it.each([
    [["--random", "0"], "--random: expected a number between 0 and 1", "--random 0.1 forgets a tenth"],
    [["--random", "10"], "--random: expected a number between 0 and 1", "for 10 % give --random 0.1"],
    [["--random", "0.00001"], "--random: expected 1 to 179 of the 180 training images", "--count 1"],
    [["--random", "0.1", "--forget-seed=-3"], "--forget-seed: expected an integer >= 0, got -3", ""],
    [["--class", "-1"], "--class: expected classes, which are numbered from 0, got -1", "--random 0.1 or --count"],
  ])("answers %j by the names of the flags", async (flags, message, hint) => {
    const ended = await run("forget", "--model", "original", ...flags, "--out", "x");
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining(`error: ${message}`)]);
    expect(ended.stderr).toContain(hint);
    expect(existsSync(join(folder, "x"))).toBe(false);
  });

  it("names the ids that do not exist, by line", async () => {
    writeFileSync(join(folder, "ids.csv"), "id\ntrain/1\nnope\n");
    const ended = await run("forget", "--model", "original", "--ids", "ids.csv", "--out", "x");
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/line 3/);
  });

  it("refuses weights that were changed after the run", async () => {
    const path = join(folder, "oracle", "model.safetensors");
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const ended = await run("evaluate", "oracle");
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/model.safetensors: expected SHA-256/);
  });
});
