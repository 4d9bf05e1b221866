/** `coppice transfer` on a few drawn pictures: from a run, ranked by leaving classes out, once; and what it refuses. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { reportCommand } from "../../src/cli/commands/report.ts";
import { transferCommand } from "../../src/cli/commands/transfer.ts";
import { quietContext, trainStage } from "../../src/stages/index.ts";
import { runTransfer } from "../../src/experiments/index.ts";
import { quickTransfer } from "../../src/recipes/index.ts";
import { parseRecord, type TransferRecord, transferRecordSchema } from "../../src/record/index.ts";
import "../support/one-thread.ts";

const folder = mkdtempSync(join(tmpdir(), "coppice-transfer-e2e-"));
const source = join(folder, "source");
const out = join(folder, "transfer");
afterAll(() => rmSync(folder, { recursive: true }));

const quick = quickTransfer(1);
const train = "train" in quick.source ? quick.source.train : undefined;
const few = { name: "embedded", allowUnverified: false, numTrain: 40, numTest: 20 } as const;

beforeAll(async () => {
  if (train === undefined) throw new TypeError("the quick recipe trains its source");
  const recipe = { ...train.recipe, epochs: 1, batchSize: 20 };
  await trainStage(
    { ...train, data: { ...few, classes: [0, 1, 2, 3] }, recipe, rewindEpoch: 0 },
    source,
    quietContext(),
  );
});

/** What the command prints. */
async function transfer(...args: string[]): Promise<string> {
  const print = vi.spyOn(console, "log").mockReturnValue();
  vi.spyOn(console, "error").mockReturnValue();
  try {
    await transferCommand().parseAsync(args, { from: "user" });
    return print.mock.calls.flat().join("\n");
  } finally {
    vi.restoreAllMocks();
  }
}

const toTarget = ["--source", source, "--target", "embedded", "--target-classes", "7", "star"];
const small = ["--target-train", "40", "--target-test", "20", "--epochs", "2", "--batch-size", "20", "--lr", "0.01"];
const command = [...toTarget, ...small, "--method", "finetune", "--forget", "epochs=1", "--counts", "1"];

describe("from a run", () => {
  it("ranks, removes, transfers and reports", async () => {
    const printed = await transfer(...command, "--rank", "leave-out", "--out", out);
    expect(printed).toContain("| FT | 1: ");
    const record = recordIn(out);
    expect(record.ranking?.classes.map(({ name }) => name)).toEqual(record.removalOrder);
    expect(record.ranking).toMatchObject({ images: 40, leaveOutImages: 8 });
    const shares = record.ranking?.classes.map(({ share }) => share) ?? [];
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    const values = record.ranking?.classes.map(({ leaveOut = NaN }) => leaveOut) ?? [];
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    expect(record.points.map(({ method, removed }) => [method, removed])).toEqual([
      ["none", []],
      ["finetune", record.removalOrder.slice(0, 1)],
      ["retrain", record.removalOrder.slice(0, 1)],
    ]);
    expect(record.target.classNames).toEqual(["cross", "star"]);
    expect(existsSync(join(out, "report.html"))).toBe(true);
  });

  it("does nothing twice, and its record is enough for the report", async () => {
    const said: string[] = [];
    const before = recordIn(out);
    const onStatus = ({ done, total }: { done: number; total: number }): void => void said.push(`${done}/${total}`);
    const given = { name: "again", source: { run: source }, counts: [1], drop: before.removalOrder.slice(0, 1) };
    const again = await runTransfer(
      {
        ...quick,
        ...given,
        target: { ...few, classes: ["7", "star"] },
        methods: [
          { method: "finetune", options: { epochs: 1 } },
          { method: "retrain", options: {} },
        ],
        recipe: { ...quick.recipe, epochs: 2, batchSize: 20, lr: 0.01 },
      },
      out,
      { ...quietContext(), onStatus },
    );
    expect(said).toEqual(["6/6"]); // the source, two without the class, three transfers: all found
    expect(again.points).toEqual(before.points);
    const print = vi.spyOn(console, "log").mockReturnValue();
    await reportCommand().parseAsync([out], { from: "user" });
    print.mockRestore();
    expect(statSync(join(out, "report.html")).size).toBeGreaterThan(5000);
  });
});

it("goes from one image folder to another, classes by their folders' names", async () => {
  const [from, to] = [join(folder, "imagenet"), join(folder, "pets")];
  await drawFolder(from, ["tench, Tinca tinca", "gold fish", "great white shark", "n01484850"], "val");
  await drawFolder(to, ["Abyssinian", "Bombay"], "test");
  const model = join(folder, "on-images");
  if (train === undefined) throw new TypeError("the quick recipe trains its source");
  const recipe = { ...train.recipe, epochs: 1, batchSize: 6 };
  const data = { name: "folder", folder: from, resolution: 16, allowUnverified: false } as const;
  await trainStage({ ...train, data, recipe, rewindEpoch: 0 }, model, quietContext());
  const target = ["--source", model, "--target", "folder", "--target-folder", to, "--epochs", "1", "--probe", "full"];
  const how = ["--method", "finetune", "--forget", "epochs=1", "--no-retrain"];
  const into = join(folder, "to-pets");
  await transfer(...target, "--drop-classes", "great white shark,n01484850", ...how, "--out", into);
  const { target: found, points, removalOrder, ranking, probe } = recordIn(into);
  expect(found).toMatchObject({ data: "folder", classNames: ["Abyssinian", "Bombay"], numTrain: 6, numTest: 6 });
  expect([removalOrder, ranking, probe]).toEqual([["great white shark", "n01484850"], undefined, "full"]);
  expect(points.map(({ method, removed }) => [method, removed])).toEqual([
    ["none", []],
    ["finetune", ["great white shark", "n01484850"]],
  ]);
  // From a file names may hold commas; lines may end as on Windows, the last one anyhow.
  const list = join(folder, "classes.txt");
  writeFileSync(list, "tench, Tinca tinca\r\n\r\n gold fish");
  await transfer(...target, "--drop-classes-file", list, ...how, "--out", into);
  expect(recordIn(into).removalOrder).toEqual(["tench, Tinca tinca", "gold fish"]);
});

/** Three images of one colour for each class and part. */
async function drawFolder(root: string, names: readonly string[], testPart: string): Promise<void> {
  for (const part of ["train", testPart]) {
    for (const [i, name] of names.entries()) {
      mkdirSync(join(root, part, name), { recursive: true });
      for (let image = 0; image < 3; image++) {
        const background = { r: 80 * i, g: 60 * image, b: 128 };
        const picture = sharp({ create: { width: 24, height: 20 + image, channels: 3, background } });
        await picture.jpeg().toFile(join(root, part, name, `${image}.jpg`));
      }
    }
  }
}

describe("refuses", () => {
  it.each<[string, string[], string]>([
    [
      "a list that leaves one class",
      ["--drop-classes", "disc", "1", "2"],
      "expected at least two of the 4 source classes",
    ],
    ["an unknown class", ["--drop-classes", "dics"], "drop-classes: expected 0 to 3 or one of disc, ring"],
    [
      "a class named twice",
      ["--drop-classes", "disc", "0"],
      "drop-classes: expected each class once, got 0 (disc) twice",
    ],
    ["a ranking of named classes", ["--drop-classes", "disc", "--rank", "counts"], "expected --drop-classes auto"],
    [
      "an option that no method has",
      ["--forget", "gama=1"],
      'one of the methods, as epochs=5 or l1-sparse.gamma=1e-3, got "gama=1"',
    ],
    ["an option out of range", ["--forget", "epochs=some"], "l1-sparse epochs: expected an integer"],
    ["a method that leaves several networks", ["--method", "sisa"], "expected a method that leaves one network"],
    [
      "no class between commas",
      ["--drop-classes", ","],
      "--drop-classes: expected at least one source class, got none",
    ],
    [
      "a list beside a file",
      ["--drop-classes", "disc", "--drop-classes-file", "classes.txt"],
      "expected --drop-classes or --drop-classes-file, got both",
    ],
    ["a file that is not there", ["--drop-classes-file", "nowhere.txt"], "expected a file that can be read"],
    ["augmented features", ["--augment"], "probe linear: expected images as they are"],
  ])("%s", async (_, change, message) => {
    const into = join(folder, "refused");
    await expect(transfer(...toTarget, ...small, ...change, "--out", into)).rejects.toThrow(message);
    expect(existsSync(into)).toBe(false);
  });

  it("a target of one class", async () => {
    const into = join(folder, "refused");
    const target = ["--target", "embedded", "--target-classes", "7"];
    await expect(transfer("--source", source, ...target, ...small, "--out", into)).rejects.toThrow(
      "embedded classes: expected at least two to tell apart, got 1",
    );
    expect(existsSync(into)).toBe(false);
  });

  it("a source without a target, and a model whose class count differs from its data's", async () => {
    const into = join(folder, "refused");
    await expect(transfer("--source", source, "--out", into)).rejects.toThrow(
      "what to transfer: expected --source and --target, or --quick, got --source",
    );
    const file = join(source, "run.json");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('"numClasses": 4', '"numClasses": 10'));
    await expect(transfer(...toTarget, "--out", into)).rejects.toThrow("expected a model of 4 classes");
    writeFileSync(file, text);
    expect(existsSync(into)).toBe(false);
  });
});

function recordIn(path: string): TransferRecord {
  return parseRecord(transferRecordSchema, readFileSync(join(path, "transfer.json"), "utf8"), "transfer.json");
}
