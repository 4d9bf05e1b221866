import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  checkSameBase,
  checkSameSplit,
  describeScenario,
  readSplit,
  sealSplit,
  type SplitContent,
  splitReference,
  writeSplit,
} from "../../../src/record/split.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const folder = mkdtempSync(join(tmpdir(), "coppice-split-"));
const path = join(folder, "split.json");
afterAll(() => rmSync(folder, { recursive: true }));

const base: SplitContent = {
  format: "coppice-split",
  version: 1,
  dataset: { name: "made-up", digest: "d1", numTrain: 6, numTest: 3, numClasses: 2 },
  mode: "standard",
  seed: 1,
  validationFraction: 0.2,
  scenario: { kind: "none" },
  indices: { train: [0, 1, 3, 4, 5], validation: [2], forget: [], retain: [0, 1, 3, 4, 5], test: [0, 1, 2] },
};
const oneClass: SplitContent = {
  ...base,
  scenario: { kind: "class", classes: [1] },
  indices: { ...base.indices, forget: [1, 4], retain: [0, 3, 5], test: [0, 2] },
};

describe("a split's hashes", () => {
  it("are those of its content, whatever the order of its members", () => {
    const reversed = Object.fromEntries(Object.entries(base).toReversed()) as unknown as SplitContent;
    expect(sealSplit(reversed)).toEqual(sealSplit(base));
    expect(sealSplit(base).hash).not.toBe(sealSplit(base).baseHash);
  });

  it("differ in the whole but not in the base when only the forget set differs", () => {
    expect(sealSplit(oneClass).baseHash).toBe(sealSplit(base).baseHash);
    expect(sealSplit(oneClass).hash).not.toBe(sealSplit(base).hash);
  });

  it.each<[string, SplitContent]>([
    ["the data", { ...base, dataset: { ...base.dataset, digest: "d2" } }],
    ["the size of the test part", { ...base, dataset: { ...base.dataset, numTest: 4 } }],
    ["the training images", { ...base, indices: { ...base.indices, train: [0, 1, 3, 4] } }],
    ["the validation images", { ...base, indices: { ...base.indices, validation: [] } }],
  ])("differ in the base when %s differ", (_what, other) => {
    expect(sealSplit(other).baseHash).not.toBe(sealSplit(base).baseHash);
  });
});

describe("what was taken along", () => {
  it("is told with the request", () => {
    const counts = { train: 1, validation: 2, test: 0 };
    const scenario = { kind: "random", count: 2, fraction: 0.4, seed: 1 } as const;
    const along = (each: SplitContent["along"]): string =>
      splitReference(sealSplit({ ...base, scenario, along: each })).scenario;
    expect(along({ copies: counts, missing: { ...counts, train: 3 } })).toBe(
      "2 random images (seed 1), with 1 exact copy and 3 missing",
    );
    expect(along({ missing: { ...counts, train: 0 } })).toBe("2 random images (seed 1)");
  });
});

describe("what is taken out because somebody asked to be gone", () => {
  const out: SplitContent = {
    ...oneClass,
    scenario: { kind: "class", classes: [1], leftOut: { validation: 1, test: 0 } },
    indices: { ...oneClass.indices, validation: [], leftOut: [2] },
  };

  it("leaves the base as it was, and is another split", () => {
    expect(sealSplit(out).baseHash).toBe(sealSplit(base).baseHash);
    expect(sealSplit(out).hash).not.toBe(sealSplit(oneClass).hash);
  });

  it("reads back, unless it is trained on or validated on", () => {
    writeSplit(path, sealSplit(out));
    expect(readSplit(path)).toEqual(sealSplit(out));
    for (const part of [{ leftOut: [1] }, { validation: [2] }, { leftOut: [9] }]) {
      writeSplit(path, sealSplit({ ...out, indices: { ...out.indices, ...part } }));
      expect(thrownBy(() => readSplit(path)).code).toBe("E_CHECKPOINT");
    }
  });
});

it("a class that was listed is the split of the class that was named", () => {
  const list = { source: "a.csv", count: 2, sha256: "0".repeat(64) };
  const listed: SplitContent = { ...oneClass, scenario: { kind: "class", classes: [1], list } };
  expect(sealSplit(listed).hash).toBe(sealSplit(oneClass).hash);
  expect(describeScenario(listed.scenario, ["cat", "dog"])).toBe(
    "class 1 (dog), all images of which are listed in a.csv (sha256 00000000)",
  );
});

describe("a split file", () => {
  it("reads back as it was written, one member a line", () => {
    writeSplit(path, sealSplit(oneClass));
    expect(readSplit(path)).toEqual(sealSplit(oneClass));
    expect(readFileSync(path, "utf8").trim().split("\n")).toHaveLength(Object.keys(sealSplit(base)).length + 2);
  });

  const writeWith = (change: (text: string) => string): void => {
    writeSplit(path, sealSplit(oneClass));
    const text = readFileSync(path, "utf8");
    expect(change(text)).not.toBe(text);
    writeFileSync(path, change(text));
  };

  it.each([
    ["an index", (text: string) => text.replace('"forget":[1,4]', '"forget":[1,5]')],
    ["the seed", (text: string) => text.replace('"seed": 1', '"seed": 2')],
    ["the base hash", (text: string) => text.replace(sealSplit(oneClass).baseHash, "0".repeat(64))],
  ])("is refused when %s was changed", (_what, change) => {
    writeWith(change);
    const error = thrownBy(() => readSplit(path));
    expect(error.code).toBe("E_CHECKPOINT");
    expect(error.message).toMatch(new RegExp(`^${path}: expected content of hash [0-9a-f]{64} .*, got [0-9a-f]{64}`));
    expect(error.hint).toContain("changed after it was written");
  });

  it.each([
    ["format", (text: string) => text.replace("coppice-split", "other")],
    ["version", (text: string) => text.replace('"version": 1', '"version": 2')],
    ["indices.train.0", (text: string) => text.replace('"train":[0', '"train":[-1')],
    ["indices.test.1", (text: string) => text.replace('"test":[0,2', '"test":[0,2.5')],
    ["the whole", (text: string) => text.replace('"seed"', '"added": 1, "seed"')],
    ["scenario.kind", (text: string) => text.replace('"kind":"class"', '"kind":"colour"')],
  ])("names %s when it does not fit the schema", (place, change) => {
    writeWith(change);
    const error = thrownBy(() => readSplit(path));
    expect(error.message).toContain(`${path}: expected a file of the documented form, got ${place}: `);
  });

  it.each<[string, Partial<SplitContent["indices"]>]>([
    ["indices.train: expected ascending indices below 6, got index 6", { train: [0, 1, 3, 4, 6] }],
    ["indices.test: expected ascending indices below 3, got index 3", { test: [1, 3] }],
    ["indices.forget: expected ascending indices below 6, got index 1", { forget: [4, 1] }],
    ["indices.retain: expected ascending indices below 6, got index 3", { retain: [0, 3, 3, 5] }],
    ["indices.validation: expected images outside train, got index 3", { validation: [2, 3] }],
    [
      "expected every image either forgotten or retained, got 2 forgotten and 4 retained of 5",
      { retain: [0, 1, 3, 5] },
    ],
    ["expected every image either forgotten or retained, got 2 forgotten and 2 retained of 5", { retain: [0, 3] }],
    ["expected every image either forgotten or retained, got 2 forgotten and 3 retained of 5", { retain: [0, 2, 3] }],
  ])("is refused when it contradicts itself: %s", (message, indices) => {
    writeSplit(path, sealSplit({ ...oneClass, indices: { ...oneClass.indices, ...indices } }));
    const error = thrownBy(() => readSplit(path));
    expect([error.code, error.message]).toEqual(["E_CHECKPOINT", expect.stringContaining(message)]);
  });
});

describe("stages", () => {
  const original = sealSplit(base);
  const forgotten = sealSplit(oneClass);
  const otherImages = sealSplit({ ...base, indices: { ...base.indices, train: [0, 1, 3, 4], retain: [0, 1, 3, 4] } });
  const otherData = sealSplit({ ...base, dataset: { ...base.dataset, name: "elsewhere", digest: "d2" } });

  it("accept a model of the same training images", () => {
    expect(() => checkSameBase(forgotten, original, "runs/original")).not.toThrow();
    expect(() => checkSameSplit(forgotten, sealSplit(oneClass), "runs/retrain")).not.toThrow();
  });

  it("refuse a model of other training images with both hashes", () => {
    const error = thrownBy(() => checkSameBase(forgotten, otherImages, "runs/original"));
    expect(error.code).toBe("E_CONFIG");
    expect(error.message).toBe(
      `runs/original: expected a model of base split ${forgotten.baseHash}, got ${otherImages.baseHash}`,
    );
    expect(error.hint).toContain("other images of the same data set");
    expect(thrownBy(() => checkSameBase(original, otherData, "m")).hint).toContain(
      "other data (elsewhere, not made-up)",
    );
    expect(thrownBy(() => checkSameSplit(original, otherData, "m")).message).toContain("base split");
  });

  it("refuse a result of another forget set", () => {
    const error = thrownBy(() => checkSameSplit(forgotten, original, "--oracle runs/retrain"));
    expect(error.code).toBe("E_CONFIG");
    expect(error.message).toBe(
      `--oracle runs/retrain: expected a result of split ${forgotten.hash}, got ${original.hash}`,
    );
    expect(error.hint).toContain("it forgets nothing, not class 1");
  });
});

it("says in words what is forgotten", () => {
  expect(describeScenario({ kind: "none" })).toBe("nothing");
  expect(describeScenario({ kind: "class", classes: [3] }, ["a", "b", "c", "cat"])).toBe("class 3 (cat)");
  expect(describeScenario({ kind: "class", classes: [0, 2] })).toBe("classes 0, 2");
  expect(describeScenario({ kind: "random", count: 45, fraction: 0.1, seed: 7 })).toBe("45 random images (seed 7)");
  const skipped = { validation: 9, test: 80, unknown: 1 };
  const about = { source: "a.csv", count: 1, sha256: "01234567".padEnd(64, "0"), match: "filename" };
  expect(describeScenario({ kind: "list", ...about, skipped, leftOut: { validation: 2, test: 3 } })).toBe(
    "the image listed in a.csv (sha256 01234567, matched by filename; passed over: 9 in validation, 80 in test, 1 unknown); 2 validation and 3 test images of those to forget are not used either",
  );
  expect(describeScenario({ kind: "list", source: "a.csv", count: 2, sha256: "0123456789".padEnd(64, "0") })).toBe(
    "the 2 images listed in a.csv (sha256 01234567)",
  );
});

it("is referred to by hash, words and counts", () => {
  expect(splitReference(sealSplit(oneClass), ["cat", "dog"])).toEqual({
    hash: sealSplit(oneClass).hash,
    scenario: "class 1 (dog)",
    counts: { train: 5, validation: 1, forget: 2, retain: 3, test: 2 },
  });
});
