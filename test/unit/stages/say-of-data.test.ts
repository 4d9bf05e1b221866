import { expect, it } from "vitest";
import { type StayingCopies, stayingCopies } from "../../../src/data/copies.ts";
import { makeBaseSplit } from "../../../src/data/split.ts";
import { takeAlong } from "../../../src/data/take-along.ts";
import type { SplitManifest } from "../../../src/record/split.ts";
import { copiesLine, sayOfForget, sayOfRepeats } from "../../../src/stages/say-of-data.ts";
import type { LoadedData } from "../../../src/stages/data-context.ts";
import { methodNamed } from "../../../src/unlearn/index.ts";
import { type TinyFile, tinyImages } from "../../support/tiny-images.ts";

const of = (part: TinyFile["part"], name: string, pixel: number, className = "a"): TinyFile => ({
  part,
  of: className,
  name,
  pixel,
});
const files = [
  of("train", "1", 1),
  of("train", "9", 1),
  of("train", "2", 2),
  of("train", "7", 3, "b"),
  of("test", "1", 4),
  of("test", "5", 5, "b"),
];
const log = (): { said: string[]; say: (line: string) => void } => {
  const said: string[] = [];
  return { said, say: (line) => void said.push(line) };
};

/** Forgets the first image of the files. */
function forgetFirst(own: readonly TinyFile[]): { loaded: LoadedData; split: SplitManifest; copies: StayingCopies } {
  const dataset = tinyImages(own);
  const base = makeBaseSplit(dataset, { seed: 1, validationFraction: 0 });
  const split = { ...base, indices: { ...base.indices, forget: [0], retain: base.indices.train.slice(1) } };
  return { loaded: { dataset } as LoadedData, split, copies: stayingCopies(dataset, split) };
}

it("names the copies that stay, in the log; the record has their numbers only", () => {
  const { said, say } = log();
  const notes = sayOfForget({ method: methodNamed("finetune"), ...forgetFirst(files) }, say);
  expect(said).toEqual(["1 of 1 has an exact copy that stays: train/a/9 (--with-copies takes copies along)"]);
  expect(notes).toEqual([
    "1 of 1 images to forget has an exact copy that stays: 1 in the retain set, 0 in validation, 0 in test",
  ]);
});

it("says of the first three, how many more, and how many stand in another class", () => {
  const more = [of("train", "3", 1, "b"), of("train", "4", 1), of("test", "8", 1)];
  const { loaded, split, copies } = forgetFirst([...files, ...more]);
  expect(copiesLine(loaded.dataset, split, copies)).toBe(
    "1 of 1 has an exact copy that stays: train/a/9, train/b/3, train/a/4 and 1 more; in another class: 1",
  );
});

it("says of images that were not trained on, beside those to forget or alone", () => {
  const { loaded, split, copies } = forgetFirst(files);
  const two = { ...copies, untrained: 2 };
  expect(copiesLine(loaded.dataset, split, two)).toBe(
    "1 of 1 and 2 images left out or passed over have an exact copy that stays: train/a/9",
  );
  const { said, say } = log();
  const one = { ...copies, forgotten: [], untrained: 1 };
  const notes = sayOfForget({ method: methodNamed("finetune"), loaded, split, copies: one }, say);
  expect(said).toEqual([
    "1 image left out or passed over has an exact copy that stays: train/a/9 (--with-copies takes copies along)",
  ]);
  expect(notes).toEqual([
    "1 image left out or passed over has an exact copy that stays: 1 in the retain set, 0 in validation, 0 in test",
  ]);
});

it("says nothing where nothing is copied or gone", () => {
  const { said, say } = log();
  expect(
    sayOfForget({ method: methodNamed("finetune"), ...forgetFirst(files.filter(({ name }) => name !== "9")) }, say),
  ).toEqual([]);
  expect(sayOfRepeats({ dataset: tinyImages(files.slice(1)) }, say)).toEqual([]);
  expect(said).toEqual([]);
});

it("says what was taken along, and which images a method that reads them is given", () => {
  const { said, say } = log();
  const { loaded, split } = forgetFirst(files);
  const taken = takeAlong(split, "copies", { retain: [1], validation: [], test: [] });
  const absent = { train: new Map([[0, "missing" as const]]), test: new Map() };
  const copies = stayingCopies(loaded.dataset, taken);
  const notes = sayOfForget(
    { method: methodNamed("gradient-ascent"), loaded: { ...loaded, absent }, split: taken, copies },
    say,
  );
  expect(notes).toEqual(["1 of 6 records is gone, all of them forgotten by this run"]);
  expect(said).toEqual([
    ...notes,
    "gradient-ascent reads 1 of 2 images to forget: the others are gone",
    "taken along as exact copies: 1 training, 0 validation and 0 test images",
  ]);
});

it("says in one line, when a training begins, which images stand in two places", () => {
  const { said, say } = log();
  const repeats = [...files, of("train", "6", 2, "b"), of("test", "9", 1), of("test", "8", 3)];
  const line = "exact copies: 2 images stand in two classes, 2 images stand both in train and in test";
  expect(sayOfRepeats({ dataset: tinyImages(repeats) }, say)).toEqual([line]);
  expect(said).toEqual([line]);
});
