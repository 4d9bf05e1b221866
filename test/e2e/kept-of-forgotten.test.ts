/** What is left of images that were forgotten: nothing that shows or names them in any file of a run, of a search or of the cache. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDataset } from "../../src/data/index.ts";
import { RunFolder } from "../../src/stages/index.ts";
import { commandLine, type Ended, programFolder } from "../support/program.ts";
import "../support/one-thread.ts";

const folder = programFolder();
const size = 32;
const classes = ["ash", "beech", "cedar"];
/** File names found nowhere else. Those that are trained on are to be forgotten. */
const marked = [0, 1, 2, 3].map((i) => `Zachariah-Quixote-${i}`);
const cli = async (...args: string[]): Promise<Ended> => {
  const ended = await commandLine(folder, ...args);
  expect([ended.stderr, ended.code]).toEqual([ended.stderr, 0]);
  return ended;
};

/** Noise of its own for each image: uint8 [height, width, 3]. */
function pixelsOf(seed: number): Buffer {
  let state = seed * 2_654_435_761 + 1;
  const next = (): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) >>> 16;
  return Buffer.from(Uint8Array.from({ length: size * size * 3 }, () => next() % 256));
}

/** As records hold it: uint8 [3, height, width]. */
function planesOf(pixels: Buffer): Buffer {
  const area = size * size;
  return Buffer.from(
    Uint8Array.from({ length: 3 * area }, (_, at) => pixels[(at % area) * 3 + Math.floor(at / area)] ?? 0),
  );
}

const markedSeed = (i: number): number => 9000 + i;

async function writeImage(part: string, name: string, file: string, seed: number): Promise<void> {
  const path = join(folder, "data", part, name);
  mkdirSync(path, { recursive: true });
  await sharp(pixelsOf(seed), { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toFile(join(path, `${file}.png`));
}

beforeAll(async () => {
  let seed = 1;
  for (const name of classes) {
    for (let i = 0; i < 10; i++) await writeImage("train", name, `tree-${i}`, seed++);
    for (let i = 0; i < 4; i++) await writeImage("test", name, `tree-${i}`, seed++);
  }
  for (const [i, name] of marked.entries()) await writeImage("train", "ash", name, markedSeed(i));
  const data = ["--data", "folder", "--data-folder", "data", "--resolution", String(size)];
  const how = ["--arch", "resnet20s", "--epochs", "1", "--batch-size", "16", "--rewind-epoch", "0"];
  await cli("train", ...data, ...how, "--validation", "0.3", "--out", "runs/original");
  const { train } = RunFolder.open(join(folder, "runs", "original")).readSplit().indices;
  const dataset = await loadDataset("folder", { folder: join(folder, "data"), resolution: size });
  const ids = train.map((index) => dataset.train.ids(index)).filter((id) => id.includes("Quixote"));
  expect(ids.length).toBeGreaterThan(1);
  writeFileSync(join(folder, "request.csv"), `id\n${ids.join("\n")}\n`);
  await cli(
    "forget",
    "--model",
    "runs/original",
    "--ids",
    "request.csv",
    "--method",
    "finetune",
    "--epochs",
    "1",
    "--out",
    "runs/forgotten",
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

function filesUnder(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const below = join(path, entry.name);
    return entry.isDirectory() ? filesUnder(below) : [below];
  });
}

/** Files that show or name an image to be forgotten. */
function tracesUnder(...paths: string[]): string[] {
  const planes = marked.map((_, i) => planesOf(pixelsOf(markedSeed(i))));
  const needles = [
    Buffer.from("Quixote"),
    ...planes.map((bytes) => bytes.subarray(0, 48)),
    ...planes.map((bytes) => Buffer.from(bytes.subarray(0, 48).toString("base64"))),
    ...marked.map((_, i) => pixelsOf(markedSeed(i)).subarray(0, 48)),
  ];
  return paths
    .map((path) => join(folder, path))
    .filter((path) => existsSync(path))
    .flatMap(filesUnder)
    .filter((file) => needles.some((needle) => readFileSync(file).includes(needle)))
    .map((file) => basename(file));
}

describe("images that were forgotten", () => {
  it("are in no file that forget, evaluate, report and tune write, and no weights are left but those of finished runs", async () => {
    await cli("evaluate", "runs/forgotten");
    await cli("report", "runs/forgotten");
    const tuning = ["--search", "lr=1e-3:1e-1:log", "--epochs", "1", "--trials", "1"];
    await commandLine(
      folder,
      "tune",
      "--model",
      "runs/original",
      "--ids",
      "request.csv",
      "--method",
      "finetune",
      ...tuning,
      "--out",
      "runs/tuned",
    );
    const names = filesUnder(join(folder, "runs")).map((file) => basename(file));
    expect(names).toEqual(expect.arrayContaining(["evaluation.json", "report.html", "tune.json", "trials.md"]));
    expect(tracesUnder("runs", "cache")).toEqual([]);
    const page = readFileSync(join(folder, "runs", "forgotten", "report.html"), "utf8");
    expect(page).not.toContain("data:image/png");
    const weights = filesUnder(join(folder, "runs"))
      .filter((file) => file.endsWith(".safetensors"))
      .map((file) => file.slice(folder.length + 1));
    expect(weights.toSorted()).toEqual([
      "runs/forgotten/model.safetensors",
      "runs/original/model.safetensors",
      "runs/original/rewind.safetensors",
    ]);
    expect(filesUnder(join(folder, "runs")).filter((file) => /checkpoint|snapshots/.test(file))).toEqual([]);
  });

  it("are shown where that is asked for, and only there", async () => {
    await cli("evaluate", "runs/forgotten", "--with-samples");
    expect(tracesUnder("runs")).toEqual(["evaluation.json"]);
    await cli("report", "runs/forgotten");
    expect(tracesUnder("runs")).toEqual(["evaluation.json"]);
    await cli("report", "runs/forgotten", "--with-samples");
    expect(tracesUnder("runs").toSorted()).toEqual(["evaluation.json", "report.html"]);
    await cli("evaluate", "runs/forgotten");
    await cli("report", "runs/forgotten");
    expect(tracesUnder("runs")).toEqual([]);
    const refused = await commandLine(folder, "report", "runs/forgotten", "--with-samples");
    expect(refused.stderr).toContain("expected an evaluation that has kept samples, got one without");
    expect(refused.code).toBe(1);
  });
});
