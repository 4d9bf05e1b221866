/** A backdoor from the attacker's part to the report on its cleanse, and misuse. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type CleanseRecord,
  type CleanseComparisonRecord,
  cleanseComparisonRecordSchema,
  parseCleanseRecord,
  parseMetricLines,
  parseRecord,
  parseRunRecord,
  readSplit,
  type RunRecord,
} from "../../src/record/index.ts";
import { commandLine, programFolder } from "../support/program.ts";

const folder = programFolder();
const path = (...names: string[]): string => join(folder, ...names);
const run = (...args: string[]): ReturnType<typeof commandLine> => commandLine(folder, ...args);
const record = (name: string): RunRecord => parseRunRecord(readFileSync(path(name, "run.json"), "utf8"));
const cleansed = (name: string): CleanseRecord => parseCleanseRecord(readFileSync(path(name, "cleanse.json"), "utf8"));
const cleanse = ["cleanse", "--model", "trojaned", "--method", "finetune", "--epochs", "2"];

beforeAll(async () => {
  const small = ["--data", "embedded", "--num-train", "200", "--num-test", "60"];
  const poison = await run("poison", ...small, "--ratio", "0.2", "--out", "poison");
  expect(poison.code, poison.stderr).toBe(0);
  expect(poison.stdout).toContain("36 of 180 training images are poisoned");
  const training = ["--arch", "resnet20s", "--epochs", "2", "--batch-size", "32", "--no-augment"];
  const train = await run("train", "--poison", "poison", ...training, "--out", "trojaned");
  expect(train.code, train.stderr).toBe(0);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const poisonedIds = (): string[] => readFileSync(path("poison", "poisoned.csv"), "utf8").trim().split("\n");

describe("a poisoned training", () => {
  it("says so in its record, names no poisoned record, and holds out clean ones", () => {
    const { data, config } = record("trojaned");
    expect(data.notes).toEqual(["training images poisoned: BadNets, target class 0 (disc), ratio 0.2"]);
    expect(config["data"]).toMatchObject({ name: "embedded", numTrain: 200, poison: { attack: "badnets", target: 0 } });
    const held = new Set(readSplit(path("trojaned", "split.json")).indices.validation.map((i) => `train/${i}`));
    expect(poisonedIds().filter((id) => held.has(id))).toEqual([]);
    expect(readFileSync(path("trojaned", "run.json"), "utf8")).not.toContain(poisonedIds()[1]);
  });

  it("takes no other data or split beside the poison's", async () => {
    const { code, stderr } = await run(
      "train",
      "--poison",
      "poison",
      "--data",
      "mnist",
      "--split",
      "standard",
      "--out",
      "x",
    );
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("expected no other data set or split beside it, got --data, --split"),
    ]);
    const none = await run("train", "--poison", "nowhere", "--out", "x");
    expect(none.stderr).toContain("expected a folder made by `coppice poison`, got no such folder");
  });
});

describe("a cleanse", () => {
  it("unlearns the suspects and measures the backdoor before, after and in between", async () => {
    const { code, stdout, stderr } = await run(...cleanse, "--suspects", "poison/poisoned.csv", "--out", "cleansed");
    expect(code, stderr).toBe(0);
    for (const row of [
      "ASR, without the target class",
      "ASR, reference: with it",
      "SA",
      "robust accuracy",
      "DER",
      "recall",
    ])
      expect(stdout).toContain(row);
    const { suspects, before, run: after, trace, previews, attack } = cleansed("cleansed");
    expect(suspects).toMatchObject({ count: 36, share: 0.2, truth: { poisoned: 36, found: 36 } });
    expect([before.metrics.ASR?.count, before.metrics.ASRReference?.count]).toEqual([54, 60]);
    expect(trace.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
    expect(trace.at(-1)?.ASR).toBe(after.metrics.ASR?.value);
    expect(trace[0]?.SA).toBe(before.metrics.SA.value);
    expect(previews).toHaveLength(8);
    expect(attack?.attack).toBe("badnets");
    expect(record("cleansed")).toMatchObject({ kind: "forget", split: { counts: { forget: 36, retain: 144 } } });
    expect((await run("report", "cleansed")).code).toBe(0);
    const page = readFileSync(path("cleansed", "cleanse.html"), "utf8");
    expect(page).toContain("ASR, reference");
    // As the command has advised; the page of the cleanse stays.
    expect(stdout).toContain("next: coppice evaluate cleansed, then coppice report cleansed");
    expect((await run("evaluate", "cleansed")).code).toBe(0);
    expect((await run("report", "cleansed")).stdout.trim()).toBe(path("cleansed", "report.html"));
    expect(readFileSync(path("cleansed", "cleanse.html"), "utf8")).toBe(page);
    expect(readFileSync(path("cleansed", "report.html"), "utf8")).not.toContain("ASR, reference");
  }, 120_000);

  it("goes on with what was interrupted", async () => {
    const finished = record("cleansed");
    const { result: _result, finishedAt: _finishedAt, ...begun } = finished;
    rmSync(path("cleansed", "cleanse.json"));
    writeFileSync(path("cleansed", "run.json"), JSON.stringify({ ...begun, status: "interrupted" }));
    expect((await run("resume", "cleansed")).code).toBe(0);
    expect(record("cleansed").result?.modelSha256).toBe(finished.result?.modelSha256);
    expect(cleansed("cleansed").trace).toHaveLength(3);
    expect(parseMetricLines(readFileSync(path("cleansed", "metrics.jsonl"), "utf8"))).toHaveLength(2);
    rmSync(path("cleansed", "cleanse.json")); // as if stopped while it was measured
    expect((await run("resume", "cleansed")).code).toBe(0);
    expect(cleansed("cleansed").run.modelSha256).toBe(finished.result?.modelSha256);
    expect((await run("resume", "cleansed")).stderr).toContain("expected an interrupted run, got one that is finished");
  }, 120_000);

  it("refuses suspects it cannot use, and leaves the folder alone", async () => {
    const { train, validation } = readSplit(path("trojaned", "split.json")).indices;
    const refusals: [string, string][] = [
      ["id\ntrain/0\nnobody\n", 'line 3: "nobody" is like no id of this data set'],
      [`id\ntrain/${train[0]}\ntrain/${train[0]}\n`, "is the same image as line 2"],
      ["id\n", "expected at least one image to forget, got none"],
      [`id\ntrain/${validation[0]}\n`, "0 were trained on, 1 are in validation"],
      [`id\n${train.map((i) => `train/${i}`).join("\n")}\n`, "expected images to be left to retain, got all 180"],
    ];
    for (const [text, message] of refusals) {
      writeFileSync(path("suspects.csv"), text);
      const { code, stderr } = await run(...cleanse, "--suspects", "suspects.csv", "--out", "refused");
      expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    }
    expect((await run("report", "refused")).stderr).toContain("no such folder");
  }, 120_000);

  it("finds suspects itself, writes them beside the run, and scores them", async () => {
    const { code, stdout, stderr } = await run(...cleanse, "--detect", "spectral-signatures", "--out", "found");
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/found\.suspects\.csv: \d+ suspects among 180 training images\n {2}precision/);
    const [header, ...rows] = readFileSync(path("found.suspects.csv"), "utf8").trim().split("\n");
    expect(header).toBe("id,class,score");
    const { suspects } = cleansed("found");
    expect(suspects).toMatchObject({
      detector: "spectral-signatures",
      source: "found.suspects.csv",
      count: rows.length,
    });
    const poisoned = new Set(poisonedIds());
    expect(suspects?.truth?.found).toBe(rows.filter((row) => poisoned.has(row.split(",")[0] ?? "")).length);
    const again = await run("detect", "--model", "trojaned", "--detector", "strip", "--out", "found.suspects.csv");
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("expected a file that is not there yet")]);
    const none = await run(
      "detect",
      "--model",
      "trojaned",
      "--detector",
      "activation-clustering",
      "--size",
      "0",
      "--out",
      "x.csv",
    );
    expect([none.code, none.stderr]).toEqual([
      1,
      expect.stringContaining("expected suspicious images among 180, got none"),
    ]);
  }, 120_000);

  it("finds suspects with the detector's options as they are given", async () => {
    const detect = ["--detect", "spectral-signatures", "--detect-share", "0.3"];
    const { code, stdout, stderr } = await run(...cleanse, ...detect, "--out", "many");
    expect(code, stderr).toBe(0);
    const { train } = readSplit(path("trojaned", "split.json")).indices;
    const count = cleansed("many").suspects?.count ?? 0;
    expect(count / train.length).toBeCloseTo(0.3, 1); // 0.15 unless told otherwise
    expect(stdout).toContain(`many.suspects.csv: ${count} suspects among ${train.length} training images`);
  }, 120_000);

  it.each([
    ["strip", ["--detect-false-alarms", "2"], 2, "strip falseAlarms: expected a number > 0 and <= 0.5, got 2"],
    ["strip", ["--detect-share", "0.3"], 2, "strip: expected one of its options (overlays, alpha, falseAlarms)"],
    ["strip", ["--detect-overlays", "many"], 2, "argument 'many' is invalid. expected a number"],
    ["strip", ["--detect-overlap", "3"], 2, "Did you mean --detect-overlays?"],
    ["strip", ["--gamma", "1"], 2, "finetune: expected one of its options"],
    ["strip", ["--method", "finetone"], 2, "method: expected"],
    ["strip", ["--seed", "-1"], 2, "seed: expected an integer >= 0, got -1"],
    [undefined, ["--detect-share", "0.3"], 2, "--detect-share: expected --detect beside it, got none"],
  ])("refuses options that %s does not take: %j", async (detector, given, code, message) => {
    const by = detector === undefined ? ["--suspects", "poison/poisoned.csv"] : ["--detect", detector];
    const ended = await run(...cleanse, ...by, ...given, "--out", "no");
    expect(ended.stderr).toContain(message);
    expect(ended.code).toBe(code);
    expect(existsSync(path("no")) || existsSync(path("no.suspects.csv"))).toBe(false);
  });

  it("unlearns suspects of an attack that nobody knows, and does not claim to have measured it", async () => {
    const plain = [
      "--data",
      "embedded",
      "--num-train",
      "100",
      "--num-test",
      "40",
      "--arch",
      "resnet20s",
      "--epochs",
      "1",
    ];
    expect((await run("train", ...plain, "--batch-size", "32", "--out", "plain")).code).toBe(0);
    const { train } = readSplit(path("plain", "split.json")).indices;
    writeFileSync(path("few.csv"), `id\ntrain/${train[0]}\n`);
    const options = ["--method", "finetune", "--epochs", "1", "--suspects", "few.csv", "--out", "unknown"];
    const { code, stdout, stderr } = await run("cleanse", "--model", "plain", ...options);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("cannot be measured, because none is known");
    const { attack, DER, run: after, trace, previews, suspects } = cleansed("unknown");
    expect([attack, DER, after.metrics.ASR, suspects?.truth]).toEqual([undefined, undefined, undefined, undefined]);
    expect([trace, previews]).toEqual([[], []]);
  }, 120_000);

  it("cleanses a pruned model within its mask", async () => {
    const prune = [
      "prune",
      "--model",
      "trojaned",
      "--sparsity",
      "0.8",
      "--epochs",
      "1",
      "--engine",
      "dense",
      "--out",
      "pruned",
    ];
    expect((await run(...prune)).code).toBe(0);
    const options = [
      "--method",
      "l1-sparse",
      "--epochs",
      "1",
      "--engine",
      "dense",
      "--suspects",
      "poison/poisoned.csv",
    ];
    const { code, stderr } = await run("cleanse", "--model", "pruned", ...options, "--out", "sparse");
    expect(code, stderr).toBe(0);
    const { before, run: after } = cleansed("sparse");
    expect(before.sparsity).toBeCloseTo(0.8, 3);
    expect(after).toMatchObject({ order: "prune-first", method: "l1-sparse" });
    expect(after.sparsity).toBeGreaterThanOrEqual(before.sparsity);
  }, 120_000);

  it("takes no value that was published for forgetting images at random", async () => {
    const ascent = ["cleanse", "--model", "trojaned", "--method", "gradient-ascent", "--epochs", "1"];
    const { code, stderr } = await run(...ascent, "--suspects", "poison/poisoned.csv", "--out", "ascent");
    expect(code, stderr).toBe(0);
    expect(record("ascent").method?.presets).toBeUndefined();
  }, 120_000);

  it("needs suspects", async () => {
    const { code, stderr } = await run(...cleanse, "--out", "nobody");
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("expected --suspects or --detect for finetune, got neither"),
    ]);
    expect(stderr).toContain("finetune-held-out, fine-pruning, clp, anp, i-bau need none");
  });

  it("needs none for a method that reads no training records, and leaves a list aside", async () => {
    const mend = ["cleanse", "--model", "trojaned", "--method", "clp"];
    const without = await run(...mend, "--out", "mended");
    expect(without.code, without.stderr).toBe(0);
    expect(without.stdout).not.toContain("next: coppice evaluate");
    const { suspects, before, run: after } = cleansed("mended");
    expect([suspects, before.metrics.ASR?.count]).toEqual([undefined, 54]);
    expect(record("mended").split).toMatchObject({ scenario: "nothing", counts: { forget: 0, retain: 180 } });
    const page = readFileSync(path("mended", "cleanse.html"), "utf8");
    expect(page).toContain("CLP: cleansing without a list of suspects");
    expect(page).not.toContain("The suspects</h2>");
    const beside = await run(...mend, "--suspects", "poison/poisoned.csv", "--out", "beside");
    expect(beside.code, beside.stderr).toBe(0);
    expect(beside.stderr).toContain("note: clp reads no training images, so the suspects make no difference to it");
    expect(cleansed("beside").run.modelSha256).toBe(after.modelSha256);
    const audit = await run("evaluate", "mended");
    expect([audit.code, audit.stderr]).toEqual([1, expect.stringContaining("got one that forgets nothing")]);
  }, 120_000);

  it("warns of suspects that are most of a class", async () => {
    const { train } = readSplit(path("trojaned", "split.json")).indices;
    const most = train.filter((index) => index % 10 < 9);
    writeFileSync(path("most.csv"), `id\n${most.map((i) => `train/${i}`).join("\n")}\n`);
    const { code, stderr } = await run(...cleanse, "--suspects", "most.csv", "--out", "most");
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(
      /warning: \d+ of the \d+ training images of class \d \(\w+\) are suspects: unlearning them may remove the class/,
    );
    expect(cleansed("most").notes.join()).toContain("may remove the class");
  }, 120_000);
});

describe("several cleanses", () => {
  const comparison = ["cleanse", "--model", "trojaned", "--suspects", "poison/poisoned.csv", "--epochs", "1"];
  const ways = [...comparison, "--method", "finetune", "l1-sparse", "--gamma", "1e-3", "--engine", "dense"];
  const measured = (): CleanseComparisonRecord =>
    parseRecord(
      cleanseComparisonRecordSchema,
      readFileSync(path("comparison", "cleanse-comparison.json"), "utf8"),
      "cleanse-comparison.json",
    );

  it("are made of the model as it is and pruned, by each method, once", async () => {
    const { code, stdout, stderr } = await run(...ways, "--sparsities", "0,0.8", "--out", "comparison");
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(
      "Of 4 ways this is the one of the highest defence effectiveness on these very test images",
    );
    const { cleanses, best = -1, suspects } = measured();
    expect(suspects).toMatchObject({ source: "poisoned.csv", count: 36 });
    expect(cleanses.map(({ run: { method, order } }) => [order, method])).toEqual([
      ["dense", "finetune"],
      ["dense", "l1-sparse"],
      ["prune-first", "finetune"],
      ["prune-first", "l1-sparse"],
    ]);
    expect(cleanses[2]?.before.sparsity).toBeCloseTo(0.8, 3);
    expect(cleanses[0]?.before.modelSha256).toBe(record("trojaned").result?.modelSha256);
    expect(Math.max(...cleanses.map(({ DER }) => DER?.value ?? 0))).toBe(cleanses[best]?.DER?.value);
    for (const { run: after } of cleanses) {
      expect(cleansed(join("comparison", after.path)).run.modelSha256).toBe(after.modelSha256);
      expect(existsSync(path("comparison", after.path, "cleanse.html"))).toBe(true);
    }
    expect(readFileSync(path("comparison", "scores.md"), "utf8").split("\n")).toHaveLength(9);
    const page = readFileSync(path("comparison", "report.html"), "utf8");
    expect((await run("report", "comparison")).code).toBe(0);
    expect(readFileSync(path("comparison", "report.html"), "utf8")).toBe(page);

    // As an earlier version wrote it.
    const written = readFileSync(path("comparison", "cleanse-comparison.json"), "utf8");
    mkdirSync(path("former"));
    writeFileSync(path("former", "cleanses.json"), written.replace("cleanse-comparison", "cleanse-series"));
    expect((await run("report", "former")).code).toBe(0);
    expect(readFileSync(path("former", "report.html"), "utf8")).toBe(page);
  }, 240_000);

  it("are taken up where they were: what is there stays, what is new is added", async () => {
    const before = measured().cleanses;
    rmSync(path("comparison", before[3]?.run.path ?? ""), { recursive: true });
    const { code, stderr } = await run(...ways, "--sparsities", "0.8,0", "--out", "comparison");
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("6 of 7 jobs done; l1-sparse from sparsity 0.8");
    const after = measured().cleanses;
    expect([after[0], after[2], after[3]]).toEqual([before[2], before[0], before[1]]);
    expect(after[1]?.run.modelSha256).toBe(before[3]?.run.modelSha256);
  }, 120_000);

  it("look for suspects once, and are taken up with the list that was found", async () => {
    const detecting = ["cleanse", "--model", "trojaned", "--detect", "spectral-signatures", "--epochs", "1"];
    const some = [...detecting, "--method", "finetune", "clp", "--out", "looked"];
    const first = await run(...some);
    expect(first.code, first.stderr).toBe(0);
    const list = readFileSync(path("looked", "suspects.csv"), "utf8");
    expect(list).toMatch(/^id,class,score\n/);
    const comparison = (): CleanseComparisonRecord =>
      parseRecord(
        cleanseComparisonRecordSchema,
        readFileSync(path("looked", "cleanse-comparison.json"), "utf8"),
        "cleanse-comparison.json",
      );
    const { suspects, cleanses } = comparison();
    expect(suspects).toMatchObject({ detector: "spectral-signatures", count: list.trim().split("\n").length - 1 });
    const second = await run(...some, "--sparsities", "0,0.8", "--engine", "dense");
    expect(second.code, second.stderr).toBe(0);
    expect(readFileSync(path("looked", "suspects.csv"), "utf8")).toBe(list);
    expect(comparison().cleanses).toHaveLength(4);
    expect(cleanses).toHaveLength(2);
  }, 240_000);

  it("refuse a detector's options before anything is written", async () => {
    const detecting = ["cleanse", "--model", "trojaned", "--detect", "strip", "--sparsities", "0,0.8"];
    const { code, stderr } = await run(...detecting, "--detect-false-alarms", "2", "--out", "refused-comparison");
    expect([code, stderr]).toEqual([2, expect.stringContaining("strip falseAlarms: expected a number")]);
    expect(existsSync(path("refused-comparison"))).toBe(false);
  });

  it("need no suspects where no method reads records, and do where one does", async () => {
    const clean = ["cleanse", "--model", "trojaned", "--out", "listless"];
    const refused = await run(...clean, "--method", "clp", "finetune");
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining("expected --suspects or --detect for finetune, got neither"),
    ]);
    const { code, stderr } = await run(...clean, "--method", "clp", "finetune-held-out", "--epochs", "1");
    expect(code, stderr).toBe(0);
    expect(readFileSync(path("listless", "report.html"), "utf8")).toContain("2 cleanses without a list of suspects");
  }, 120_000);

  it.each([
    [["--sparsities", "0,0"], 2, "sparsities: expected one value or more, each once, got 0 twice"],
    [["--sparsities", "1"], 2, "sparsities: expected a number in [0, 1), got 1"],
    [["--method", "finetune", "clp", "--gamma", "1"], 2, "finetune: expected one of its options"],
    [["--sparsities", "0", "--force"], 2, "--force: expected a single cleanse, got a comparison"],
    [
      ["--sparsities", "0.5", "--out", "trojaned"],
      1,
      "expected a folder that is new or of several cleanses, got a run",
    ],
    [["--sparsities", "0.5", "--model", "cleansed"], 1, "expected"],
    [["--sparsities", "0.5", "--suspects", "nobody.csv"], 1, "nobody.csv"],
  ])("are refused before anything is written: %j", async (given, refusal, message) => {
    const { code, stderr } = await run(...comparison, "--out", "refused-comparison", ...given);
    expect([code, stderr]).toEqual([refusal, expect.stringContaining(message)]);
    expect(existsSync(path("refused-comparison"))).toBe(false);
  });
});

describe("a model of another number of classes than its data", () => {
  const message = "expected a model of 10 classes, as its data embedded have, got one of 9";

  beforeAll(() => {
    cpSync(path("trojaned"), path("nine"), { recursive: true });
    const changed = record("nine");
    writeFileSync(path("nine", "run.json"), JSON.stringify({ ...changed, model: { ...changed.model, numClasses: 9 } }));
  });

  it.each([
    ["cleanse", ["cleanse", "--model", "nine", "--suspects", "poison/poisoned.csv", "--out", "not-cleansed"]],
    ["cleanse with a detector", ["cleanse", "--model", "nine", "--detect", "strip", "--out", "not-cleansed"]],
    ["detect", ["detect", "--model", "nine", "--detector", "strip", "--out", "not-cleansed.suspects.csv"]],
  ])("is refused by %s in a sentence, and nothing is written", async (_what, args) => {
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(stderr.split("\n").filter((line) => line.includes("expected"))).toHaveLength(1);
    expect(existsSync(path("not-cleansed")) || existsSync(path("not-cleansed.suspects.csv"))).toBe(false);
  });
});
