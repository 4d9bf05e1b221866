import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { quietContext } from "../../../src/stages/index.ts";
import type { TuneConfig } from "../../../src/tune/config.ts";
import { prepareTune } from "../../../src/tune/prepare.ts";
import { Search } from "../../../src/tune/search.ts";
import { tinySearch } from "./tiny-search.ts";

const work = mkdtempSync(join(tmpdir(), "coppice-search-"));
let config: TuneConfig;

beforeAll(async () => {
  config = await tinySearch(work);
});
afterAll(() => rmSync(work, { recursive: true }));

async function search(change: Partial<TuneConfig>, said: string[] = []): Promise<Search> {
  const context = { ...quietContext(), onTrial: (title: string) => void said.push(title) };
  const made = new Search(await prepareTune({ ...config, ...change }, context), join(work, "out"), context);
  await made.run();
  return made;
}

describe("a search", () => {
  it("scores the model as it is, then the trial without drawn options, then drawn ones; and no job twice", async () => {
    const said: string[] = [];
    const { trials, original, exhausted } = await search({}, said);
    expect(said).toEqual([
      "the model as it is",
      "trial 0, 1 epoch: as without a search",
      expect.stringMatching(/^trial 1, 1 epoch: lr 0\.\d+$/),
    ]);
    expect(trials.map(({ trial, full }) => [trial, full])).toEqual([
      [0, true],
      [1, true],
    ]);
    expect(exhausted).toBe(false);
    const { retained, generalisation } = original.objective;
    expect(generalisation).toBe(0); // it is compared with itself
    expect(retained).toBeGreaterThanOrEqual(0);
    const again: string[] = [];
    expect((await search({}, again)).trials).toEqual(trials);
    expect(again).toEqual([]);
  });

  it("begins no drawn trial when its minutes are over", async () => {
    const { trials, exhausted } = await search({ minutes: 1e-9 });
    expect(trials.map(({ trial }) => trial)).toEqual([0]);
    expect(exhausted).toBe(true);
  });

  it("fails where no trial that ran in full succeeded", async () => {
    const options = { epochs: 1, lr: 1e30 };
    const { search: _lr, ...rest } = config;
    await expect(search({ ...rest, options, search: "momentum=0:0.1" })).rejects.toThrow(
      /expected a trial to succeed, got none/,
    );
  });
});
