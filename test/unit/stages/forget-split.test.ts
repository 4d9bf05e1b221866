import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { countsOf } from "../../../src/data/copies.ts";
import { withForgetSet } from "../../../src/data/split.ts";
import type { ForgetConfig } from "../../../src/record/index.ts";
import { quietContext, RunFolder, trainStage } from "../../../src/stages/index.ts";
import { type ForgetSplit, forgetSplit } from "../../../src/stages/forget-split.ts";
import { openParent, type Parent } from "../../../src/stages/parent.ts";
import { BlindDataContext } from "../../../src/tune/blind-data.ts";
import { drawFolder, drawImage, folderTraining } from "../../support/folder-data.ts";
import { folderOfRuns, tinyForgetting } from "../../support/tiny-runs.ts";

const runs = folderOfRuns();
const at = (name: string): string => join(runs, name);
const [heldOut, tested] = ["test/a/00.png", "test/b/09.png"];
const settings = { data: { allowUnverified: false }, device: "cpu" };
let parent: Parent;
/** Ids of training images: one to forget, and copies of a validation and of a test image. */
let [forgotten, ofValidation, ofTest, validation] = ["", "", "", ""];

/** The request for these images. */
function splitOf(ids: readonly string[], changes: Partial<ForgetConfig> & { how: object }, of = parent): ForgetSplit {
  writeFileSync(at("ids.csv"), `id\n${ids.join("\n")}\n`);
  const { how, ...others } = changes;
  const request = { kind: "ids", file: at("ids.csv"), ...how } as const;
  return forgetSplit({ ...tinyForgetting(at("original")), request, ...others }, of);
}

beforeAll(async () => {
  await drawFolder(at("data"));
  await drawImage(at("data"), tested, 251);
  await trainStage(folderTraining(at("data")), at("draft"), quietContext());
  const { loaded } = await openParent(at("draft"), settings, quietContext());
  const { indices } = RunFolder.open(at("draft")).readSplit();
  const named = (index = -1): string => loaded.dataset.train.ids(index);
  [forgotten, ofValidation, ofTest] = indices.train.slice(0, 3).map(named) as [string, string, string];
  validation = named(indices.validation[0]);
  await drawImage(at("data"), validation, 252);
  await drawImage(at("data"), ofValidation, 252);
  await drawImage(at("data"), ofTest, 251);
  await trainStage(folderTraining(at("data")), at("original"), quietContext());
  parent = await openParent(at("original"), settings, quietContext());
});

it.each([{ alsoTest: true }, { skipUntrained: true }])(
  "finds copies of listed images that were not trained on, and takes them along: %j",
  (how) => {
    const ids = [forgotten, validation, tested];
    const { split, copies } = splitOf(ids, { how });
    expect(countsOf(copies)).toEqual({ forgotten: 0, otherClass: 0, untrained: 2, train: 2, validation: 0, test: 0 });
    const whole = splitOf(ids, { how, withCopies: true });
    const named = whole.split.indices.forget.map((index) => parent.loaded.dataset.train.ids(index));
    expect(new Set(named)).toEqual(new Set([forgotten, ofValidation, ofTest]));
    expect(countsOf(whole.copies)).toBeUndefined();
    expect(whole.split.along?.copies?.train).toBe(2);
    expect(whole.split.indices.validation.length).toBe(3);
    expect(whole.split.indices.test.length).toBe(6);
    expect(whole.split.baseHash).toBe(split.baseHash);
  },
);

it("forgets the same where a search hides the test part", async () => {
  const context = quietContext();
  const data = new BlindDataContext(context.data);
  const blind = await openParent(at("original"), settings, { ...context, data });
  for (const how of [{ alsoTest: true }, { skipUntrained: true }]) {
    const ids = [forgotten, tested, heldOut];
    const given = { how, withCopies: true };
    expect(splitOf(ids, given, blind).split.indices.forget).toEqual(splitOf(ids, given).split.indices.forget);
  }
  const request = { kind: "ids", ids: [forgotten, tested], alsoTest: true } as const;
  const split = withForgetSet(blind.folder.readSplit(), request, blind.loaded.dataset);
  expect([split.indices.test, split.scenario]).toMatchObject([[], { leftOut: { test: 1 } }]);
});
