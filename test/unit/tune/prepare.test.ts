import { rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { quietContext } from "../../../src/stages/index.ts";
import type { TuneConfig } from "../../../src/tune/config.ts";
import { type PreparedTune, prepareTune } from "../../../src/tune/prepare.ts";
import { tinySearch } from "./tiny-search.ts";

const work = mkdtempSync(join(tmpdir(), "coppice-prepare-"));
let config: TuneConfig;

beforeAll(async () => {
  config = await tinySearch(work);
});
afterAll(() => rmSync(work, { recursive: true }));

const prepare = (change: Partial<TuneConfig>): Promise<PreparedTune> =>
  prepareTune({ ...config, ...change }, quietContext());

describe("prepareTune", () => {
  it("withholds a share of the retained images, and hands out no test image", async () => {
    const { split, context } = await prepare({});
    const { forget, retain, withheld = [], test } = split.indices;
    expect(withheld.length / (withheld.length + retain.length)).toBeCloseTo(0.2, 1);
    expect(forget.length).toBeGreaterThan(0);
    expect(test).toEqual([]);
    const { dataset } = await context.data.load(
      { name: "embedded", allowUnverified: false, numTrain: 60 },
      "cpu",
      () => {},
    );
    expect(dataset.test.images).toHaveLength(0);
  });

  it("halves over epochs, unless they are searched themselves", async () => {
    expect((await prepare({ options: { epochs: 9 }, trials: 9 })).rungs).toEqual([
      { trials: 9, epochs: 1 },
      { trials: 3, epochs: 3 },
      { trials: 1, epochs: 9 },
    ]);
    const searched = await prepare({ options: {}, search: "epochs=1:9", trials: 9 });
    expect(searched.rungs).toEqual([{ trials: 9, epochs: null }]);
    expect(searched.halvingNote).toContain("epochs are searched");
  });

  it("draws 16 trials where no budget is given, and brackets of nine where time is", async () => {
    const { trials: _trials, ...untold } = config;
    expect((await prepareTune(untold, quietContext())).rungs[0]?.trials).toBe(16);
    expect((await prepareTune({ ...untold, minutes: 1 }, quietContext())).rungs[0]?.trials).toBe(9);
  });

  it.each<[string, Partial<TuneConfig>, RegExp]>([
    ["Retrain", { method: "retrain" }, /got retrain, which is what others are compared with/],
    ["SISA", { method: "sisa" }, /got sisa, which trains again from the start/],
    ["an option both given and searched", { options: { lr: 1 } }, /search lr: .* got both/],
    [
      "a method that looks at the held-out images",
      { method: "finetune-held-out", options: {} },
      /picks its result on them/,
    ],
  ])("refuses %s", async (_, change, message) => {
    await expect(prepare(change)).rejects.toThrow(message);
  });

  it("refuses an original with fewer than two held-out images of a class to forget", async () => {
    const { model } = await tinySearch(join(work, "few"), 0.17);
    await expect(prepare({ model })).rejects.toThrow(
      /expected 2 or more images of every class of the forget set held out of training, got 1 of class 3/,
    );
    const { model: none } = await tinySearch(join(work, "none"), 0);
    await expect(prepare({ model: none })).rejects.toThrow(/expected an original with images held out of its training/);
  });
});
