import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { chooseForgetSet, drawForgetSet, type ForgetChoice } from "../../../src/data/forget-set.ts";
import type { ForgetRequest } from "../../../src/record/forget-request.ts";
import { makeBaseSplit } from "../../../src/data/split.ts";
import { RandomState } from "../../../src/util/random-state.ts";
import { randomStateFor } from "../../../src/util/seed.ts";
import { labelsBy, splitDataset } from "../../support/split-dataset.ts";
import { thrownBy } from "../../support/thrown-by.ts";

// classes 0 to 3 with 10 images each; class 4 has none
const dataset = splitDataset(
  labelsBy(40, (i) => i % 4),
  labelsBy(8, (i) => i % 4),
  5,
);
const base = makeBaseSplit(dataset, { seed: 1 });
const folder = mkdtempSync(join(tmpdir(), "coppice-forget-"));
afterAll(() => rmSync(folder, { recursive: true }));

const choose = (request: ForgetRequest): ForgetChoice => chooseForgetSet({ base, request, dataset, seed: 5 });
const refusal = (request: ForgetRequest): [string, string, string | undefined] => {
  const { code, message, hint } = thrownBy(() => choose(request));
  return [code, message, hint];
};

describe("whole classes", () => {
  it("are all their training images", () => {
    const { forget, scenario } = choose({ kind: "class", classes: [2] });
    expect(forget).toEqual(base.indices.train.filter((index) => index % 4 === 2));
    expect(forget).toHaveLength(9);
    expect(scenario).toEqual({ kind: "class", classes: [2] });
  });

  it("go by number, digits or name in any case", () => {
    expect(choose({ kind: "class", classes: ["THREE", 0, " 1 "] }).scenario).toEqual({
      kind: "class",
      classes: [0, 1, 3],
    });
    const digits = { ...dataset, classNames: ["9", "1", "2", "3", "4"] };
    const request: ForgetRequest = { kind: "class", classes: ["9"] };
    expect(chooseForgetSet({ base, request, dataset: digits, seed: 5 }).scenario).toEqual({
      kind: "class",
      classes: [0],
    });
  });

  const known = "expected 0 to 4 or one of zero, one, two, three, four";
  it.each<[string, (number | string)[], string, string | undefined]>([
    ["no class", [], "expected at least one class, got none", undefined],
    ["a number too large", [5], `${known}, got 5`, undefined],
    [
      "a negative number",
      [-1],
      "expected classes, which are numbered from 0, got -1",
      expect.stringContaining("draw them with `random: 0.1`") as never,
    ],
    ["a broken number", [1.5], `${known}, got 1.5`, undefined],
    ["no number", [NaN], `${known}, got NaN`, undefined],
    ["digits too large", ["12"], `${known}, got "12"`, undefined],
    ["an unknown name", ["thre"], `${known}, got "thre"`, "did you mean three?"],
    ["an empty name", [""], `${known}, got ""`, undefined],
    ["a class twice", [1, "one"], "expected each class once, got 1 (one) twice", undefined],
    ["a class without images", [4], "expected a class with training images, got 4 (four), which has none", undefined],
    [
      "all classes",
      [0, 1, 2, 3],
      "expected a class to be left, got all of them: 0 (zero), 1 (one), 2 (two), 3 (three)",
      undefined,
    ],
  ])("refuse %s", (_what, classes, message, hint) => {
    expect(refusal({ kind: "class", classes })).toEqual(["E_ARG", `classes: ${message}`, hint]);
  });
});

it("classes leave the validation part as well when asked to", () => {
  const ofClass = base.indices.validation.filter((index) => index % 4 === 2);
  const { scenario, leftOut, untrained } = choose({ kind: "class", classes: [2], alsoTest: true });
  expect(untrained).toEqual(leftOut);
  expect(ofClass).toHaveLength(1);
  expect([scenario, leftOut]).toEqual([
    { kind: "class", classes: [2], leftOut: { validation: 1, test: 0 } },
    { validation: ofClass, test: [] },
  ]);
});

describe("a random part", () => {
  it("is drawn from the training images by a seed derived for it", () => {
    const { forget, scenario } = choose({ kind: "random", count: 7 });
    expect(scenario).toEqual({ kind: "random", count: 7, fraction: 7 / 36, seed: 5 });
    expect(forget).toEqual(drawForgetSet(base.indices.train, 7, randomStateFor(5, "forget")));
    expect(forget.every((index) => base.indices.train.includes(index))).toBe(true);
  });

  it("is drawn by the seed itself in mode reference", () => {
    const reference = makeBaseSplit(dataset, { seed: 6, mode: "reference" });
    const { forget } = chooseForgetSet({ base: reference, request: { kind: "random", count: 7 }, dataset, seed: 5 });
    expect(forget).toEqual(drawForgetSet(reference.indices.train, 7, new RandomState(5)));
  });

  it("of a fraction is rounded to whole images", () => {
    expect(choose({ kind: "random", fraction: 0.1 }).scenario).toMatchObject({ count: 4, fraction: 4 / 36 });
    expect(choose({ kind: "random", fraction: 0.99 / 36 }).scenario).toMatchObject({ count: 1 });
  });

  it("takes every image about as often", () => {
    const times = new Map<number, number>();
    for (let seed = 0; seed < 400; seed++) {
      for (const index of drawForgetSet([3, 5, 8, 9], 2, randomStateFor(seed, "forget"))) {
        times.set(index, (times.get(index) ?? 0) + 1);
      }
    }
    // 400 draws of 1/2: standard deviation 10; the seeds are fixed, so this either holds or not
    expect([...times.keys()].toSorted()).toEqual([3, 5, 8, 9]);
    for (const count of times.values()) expect(Math.abs(count - 200)).toBeLessThan(40);
  });

  it.each<[number, string | undefined]>([
    [0, "to forget nothing no run is needed; `random: 0.1` forgets a tenth of the training images"],
    [1, "to forget everything, train a new model on other data"],
    [10, "for 10 % give `random: 0.1`; for 10 images give `count: 10`"],
    [2.5, "for 2.5 % give `random: 0.025`"],
    [4500, "for 4500 images give `count: 4500`"],
    [-0.1, undefined],
    [NaN, undefined],
    [Infinity, undefined],
  ])("refuses fraction %s", (fraction, hint) => {
    const message = `random: expected a number between 0 and 1, both excluded, got ${fraction}`;
    expect(refusal({ kind: "random", fraction })).toEqual(["E_ARG", message, hint]);
  });

  it.each([
    [0.00001, "none"],
    [0.9999, "all"],
  ])("refuses fraction %s, which is %s when rounded, by its own name", (fraction, what) => {
    const message = `random: expected 1 to 35 of the 36 training images, got ${fraction} of them, which is ${what} when rounded`;
    expect(refusal({ kind: "random", fraction })).toEqual(["E_ARG", message, "`count: 1` draws one image"]);
  });

  it.each([-3, 1.5])("refuses the seed %s by its own name", (seed) => {
    const error = thrownBy(() => chooseForgetSet({ base, request: { kind: "random", count: 7 }, dataset, seed }));
    expect(error.message).toBe(`forgetSeed: expected an integer >= 0, got ${seed}`);
  });

  it.each<[ForgetRequest, number]>([
    [{ kind: "random", count: 0 }, 0],
    [{ kind: "random", count: -3 }, -3],
    [{ kind: "random", count: 36 }, 36],
    [{ kind: "random", count: 1000 }, 1000],
  ])("refuses %j", (request, count) => {
    const message = `count: expected 1 to 35 of the 36 training images, got ${count}`;
    expect(refusal(request)).toEqual(["E_ARG", message, undefined]);
  });

  it.each([2.5, NaN])("refuses %s images", (count) => {
    expect(refusal({ kind: "random", count })[1]).toBe(`count: expected an integer, got ${count}`);
  });
});

describe("a listed part", () => {
  it("is what the file lists, with the file's name and hash", () => {
    const file = join(folder, "forget.csv");
    const listed = base.indices.train.slice(3, 6);
    writeFileSync(file, ["index", ...listed.toReversed()].join("\n"));
    const { forget, scenario } = choose({ kind: "ids", file });
    expect(forget).toEqual(listed);
    expect(scenario).toMatchObject({ kind: "list", source: "forget.csv", count: 3 });
  });

  it("that is a class is a class, with the list that named it", () => {
    const file = join(folder, "class.csv");
    const ofClass = (...classes: number[]): number[] =>
      base.indices.train.filter((index) => classes.includes(index % 4));
    const listing = (indices: readonly number[]): ForgetRequest => {
      writeFileSync(file, ["index", ...indices].join("\n"));
      return { kind: "ids", file };
    };
    expect(choose(listing(ofClass(2)))).toMatchObject({
      forget: ofClass(2),
      scenario: { kind: "class", classes: [2], list: { source: "class.csv", count: 9 } },
    });
    expect(choose(listing(ofClass(3, 1))).scenario).toMatchObject({ kind: "class", classes: [1, 3] });
    for (const part of [ofClass(2).slice(1), [...ofClass(2), ofClass(1)[0] ?? 0].toSorted((x, y) => x - y)])
      expect(choose(listing(part)).scenario.kind).toBe("list");
    const task = { base, request: listing(ofClass(2)), dataset, seed: 5, asListed: true };
    expect(chooseForgetSet(task).scenario).toMatchObject({ kind: "list", source: "class.csv", count: 9 });
  });

  it("must leave something", () => {
    const file = join(folder, "all.json");
    writeFileSync(file, JSON.stringify({ indices: base.indices.train }));
    const message = `${file}: expected images to be left to retain, got all 36 training images`;
    expect(refusal({ kind: "ids", file })).toEqual(["E_DATA", message, expect.stringContaining("list only")]);
  });
});
