/**
 * The split manifest: which images train, validate, are forgotten, retained and tested. Made once, handed to every stage and stored
 * beside every model, so that a stage can refuse a model that was trained on other images.
 */
import { defined } from "../util/defined.ts";
import { z } from "zod";
import { CoppiceError } from "../util/errors.ts";
import { readJson, writeFileAtomic } from "../util/files.ts";
import { jsonHash } from "../util/hash.ts";
import { alongSchema, count, fraction, sha256, type splitReferenceSchema, text } from "./fields.ts";
import { numberedClass } from "../util/numbered-class.ts";

const indexList = z.array(count).readonly();

const scenarioSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("class"),
    classes: indexList.describe("numbers of the classes forgotten, ascending"),
  }),
  z.strictObject({
    kind: z.literal("random"),
    count: count.describe("images drawn"),
    fraction: fraction.describe("count over training images"),
    seed: count.describe("seed of the draw"),
  }),
  z.strictObject({
    kind: z.literal("list"),
    source: text.describe("name of the file of ids"),
    count: count.describe("images listed"),
    sha256: sha256.describe("hash of that file"),
  }),
]);

export const splitSchema = z.strictObject({
  format: z.literal("coppice-split"),
  version: z.literal(1),
  dataset: z.strictObject({
    name: text,
    digest: text.describe("hash of labels and images"),
    numTrain: count,
    numTest: count,
    numClasses: count,
  }),
  mode: z
    .enum(["standard", "reference"])
    .describe("`reference`: the draws of the reference implementation; `standard`: ours"),
  seed: count.describe("seed of the validation draw"),
  validationFraction: fraction.lt(1).describe("share of every class held out for validation"),
  scenario: scenarioSchema.describe("how the forget set was chosen"),
  indices: z
    .strictObject({
      train: indexList.describe("forget and retain together"),
      validation: indexList,
      forget: indexList,
      retain: indexList,
      withheld: indexList
        .optional()
        .describe("retained images that a method is not given while its options are searched; absent: none"),
      test: indexList.describe("into the test part; without the forgotten classes where whole classes are forgotten"),
      takenOut: indexList
        .optional()
        .describe("validation images until the request, on which nothing is measured any more; absent: none"),
    })
    .describe("ascending, from 0, into the data set's train part unless said otherwise"),
  along: alongSchema.optional().describe("what was taken along with the images asked for; absent: nothing"),
  baseHash: sha256.describe("hash of what the original model is trained and tested on, whatever is forgotten later"),
  hash: sha256.describe("hash of all of the manifest but itself"),
});

export type SplitManifest = z.infer<typeof splitSchema>;
export type SplitScenario = SplitManifest["scenario"];
/** A manifest without its hashes. */
export type SplitContent = Omit<SplitManifest, "baseHash" | "hash">;
/** What a record says of its split. */
export type SplitReference = z.infer<typeof splitReferenceSchema>;
/** What is needed to tell whether two stages used the same split. */
export type SplitIdentity = Pick<SplitManifest, "dataset" | "scenario" | "baseHash" | "hash">;

/** The manifest of `content`, with its hashes. */
export function sealSplit(content: SplitContent): SplitManifest {
  const { dataset, indices } = content;
  const base = {
    digest: dataset.digest,
    numTest: dataset.numTest,
    train: indices.train,
    validation: [...indices.validation, ...(indices.takenOut ?? [])].toSorted((a, b) => a - b),
  };
  const withBase = { ...content, baseHash: jsonHash(base) };
  return { ...withBase, hash: jsonHash(withBase) };
}

/** Writes the manifest as JSON, one member a line. Throws as writeFileAtomic. */
export function writeSplit(path: string, manifest: SplitManifest): void {
  const members = Object.entries(manifest).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  writeFileAtomic(path, `{\n${members.join(",\n")}\n}\n`);
}

/** Reads and checks a manifest. Throws E_CHECKPOINT when it is missing, damaged, changed after it was written, or contradicts itself. */
export function readSplit(path: string): SplitManifest {
  const manifest = readJson(path, splitSchema);
  const { baseHash, hash, ...content } = manifest;
  const sealed = sealSplit(content);
  if (sealed.baseHash !== baseHash || sealed.hash !== hash) {
    const got = `${sealed.hash} (base ${sealed.baseHash})`;
    throw new CoppiceError("E_CHECKPOINT", `${path}: expected content of hash ${hash} (base ${baseHash}), got ${got}`, {
      hint: "the file was changed after it was written; restore it, or make the split again and train again",
    });
  }
  checkIndices(manifest, path);
  return manifest;
}

/** Refuses (E_CONFIG) a model, named by `where`, that was not trained on the training images of `expected`. */
export function checkSameBase(expected: SplitIdentity, got: SplitIdentity, where: string): void {
  if (expected.baseHash === got.baseHash) return;
  const hint =
    expected.dataset.digest === got.dataset.digest
      ? "it was trained on other images of the same data set; use the split stored with it, or train it again on this one"
      : `it was trained on other data (${got.dataset.name}, not ${expected.dataset.name}); name the same data set for both`;
  throw new CoppiceError(
    "E_CONFIG",
    `${where}: expected a model of base split ${expected.baseHash}, got ${got.baseHash}`,
    { hint },
  );
}

/** Refuses (E_CONFIG) a result, named by `where`, that was not made with exactly the split of `expected`, forget set included. */
export function checkSameSplit(expected: SplitIdentity, got: SplitIdentity, where: string): void {
  checkSameBase(expected, got, where);
  if (expected.hash === got.hash) return;
  throw new CoppiceError("E_CONFIG", `${where}: expected a result of split ${expected.hash}, got ${got.hash}`, {
    hint: `it forgets ${describeScenario(got.scenario)}, not ${describeScenario(expected.scenario)} of this split; make it again for this split`,
  });
}

/** What the records of runs and evaluations say about their split; classes by name where names are given. */
export function splitReference(manifest: SplitManifest, classNames?: readonly string[]): SplitReference {
  const { train, validation, forget, retain, withheld, test } = manifest.indices;
  return {
    hash: manifest.hash,
    scenario: `${describeScenario(manifest.scenario, classNames)}${describeAlong(manifest)}`,
    counts: {
      train: train.length,
      validation: validation.length,
      forget: forget.length,
      retain: retain.length,
      ...defined({ withheld: withheld?.length }),
      test: test.length,
    },
    ...defined({ along: manifest.along }),
  };
}

/** The forget set in words: "class 3 (cat)", "4500 random images (seed 1)". */
export function describeScenario(scenario: SplitScenario, classNames: readonly string[] = []): string {
  switch (scenario.kind) {
    case "none":
      return "nothing";
    case "class":
      return `${scenario.classes.length === 1 ? "class" : "classes"} ${scenario.classes.map((number) => numberedClass(number, classNames)).join(", ")}`;
    case "random":
      return `${scenario.count} random images (seed ${scenario.seed})`;
    case "list":
      return `the ${scenario.count} images listed in ${scenario.source} (sha256 ${scenario.sha256.slice(0, 8)})`;
  }
}

/** `, with 3 exact copies`: training images that are forgotten too. */
function describeAlong({ along }: SplitManifest): string {
  const { copies, missing } = { copies: along?.copies?.train ?? 0, missing: along?.missing?.train ?? 0 };
  const words = [
    ...(copies > 0 ? [`${copies} exact ${copies === 1 ? "copy" : "copies"}`] : []),
    ...(missing > 0 ? [`${missing} missing`] : []),
  ];
  return words.length === 0 ? "" : `, with ${words.join(" and ")}`;
}

/** Refuses index lists that are not ascending, leave the data set, overlap, or do not add up. */
function checkIndices({ dataset, indices }: SplitManifest, where: string): void {
  for (const [name, list = []] of Object.entries(indices)) {
    const size = name === "test" ? dataset.numTest : dataset.numTrain;
    const bad = list.find((index, i) => index >= size || index <= (list[i - 1] ?? -1));
    if (bad !== undefined)
      throw contradiction(where, `indices.${name}`, `ascending indices below ${size}`, `index ${bad}`);
  }
  const { train, validation, forget, retain, withheld = [], takenOut = [] } = indices;
  const trained = new Set(train);
  const taken = new Set(takenOut);
  const both = validation.find((index) => taken.has(index));
  if (both !== undefined) throw contradiction(where, "indices.takenOut", "images outside validation", `index ${both}`);
  const shared = [...validation, ...takenOut].find((index) => trained.has(index));
  if (shared !== undefined) throw contradiction(where, "indices.validation", "images outside train", `index ${shared}`);
  const parts = new Set([...forget, ...retain, ...withheld]);
  const isWhole = parts.size === forget.length + retain.length + withheld.length && parts.size === train.length;
  if (!isWhole || !train.every((index) => parts.has(index))) {
    const kept = withheld.length === 0 ? "" : ` and ${withheld.length} withheld`;
    const got = `${forget.length} forgotten and ${retain.length} retained${kept} of ${train.length}`;
    throw contradiction(where, "indices.train", "every image either forgotten or retained", got);
  }
}

function contradiction(where: string, member: string, expected: string, got: string): CoppiceError {
  return new CoppiceError("E_CHECKPOINT", `${where}: ${member}: expected ${expected}, got ${got}`);
}
