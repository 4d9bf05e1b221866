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

const listSchema = z.strictObject({
  source: text.describe("name of the file of ids"),
  count: count.describe("images listed that are forgotten"),
  sha256: sha256.describe("hash of that file"),
  match: text.optional().describe("transformations by which ids were compared, by commas; absent: exactly"),
  skipped: z
    .strictObject({
      validation: count.describe("listed, but held out for validation"),
      test: count.describe("listed, but of the test part"),
      unknown: count.describe("listed, but no images of the data set"),
    })
    .optional()
    .describe("values of the list that were passed over; absent: none"),
});

const leftOutSchema = z
  .strictObject({
    validation: count.describe("images taken out of the validation part"),
    test: count.describe("listed images taken out of the test part (a class that is forgotten leaves it in any case)"),
  })
  .optional()
  .describe("with `--also-test`: on how many images nobody is evaluated any more; absent without");

const scenarioSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("class"),
    classes: indexList.describe("numbers of the classes forgotten, ascending"),
    list: listSchema.optional().describe("the list that is all their training images; absent where classes were named"),
    leftOut: leftOutSchema,
  }),
  z.strictObject({
    kind: z.literal("random"),
    count: count.describe("images drawn"),
    fraction: fraction.describe("count over training images"),
    seed: count.describe("seed of the draw"),
  }),
  z.strictObject({
    kind: z.literal("list"),
    ...listSchema.shape,
    leftOut: leftOutSchema,
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
      leftOut: indexList
        .optional()
        .describe("validation images that a request took out: nothing is measured on them any more; absent: none"),
      forget: indexList,
      retain: indexList,
      withheld: indexList
        .optional()
        .describe("retained images that a method is not given while its options are searched; absent: none"),
      test: indexList.describe("into the test part; without the forgotten classes where whole classes are forgotten"),
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

/** The manifest of `content`, with its hashes. A class that was listed has the hash of one that was named: both forget the same. */
export function sealSplit(content: SplitContent): SplitManifest {
  const { dataset, indices, scenario } = content;
  const { validation, leftOut = [] } = indices;
  const base = {
    digest: dataset.digest,
    numTest: dataset.numTest,
    train: indices.train,
    validation: leftOut.length === 0 ? validation : [...validation, ...leftOut].toSorted((a, b) => a - b),
  };
  const withBase = { ...content, baseHash: jsonHash(base) };
  return { ...withBase, hash: jsonHash({ ...withBase, scenario: withoutList(scenario) }) };
}

function withoutList(scenario: SplitScenario): SplitScenario {
  if (scenario.kind !== "class") return scenario;
  const { list: _list, ...named } = scenario;
  return named;
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
    scenario: describeRequest(manifest, classNames),
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
    case "class": {
      const classes = scenario.classes.map((number) => numberedClass(number, classNames)).join(", ");
      const named = `${scenario.classes.length === 1 ? "class" : "classes"} ${classes}`;
      const listed =
        scenario.list === undefined ? "" : `, all images of which are listed in ${listText(scenario.list)}`;
      return `${named}${listed}${leftOutText(scenario)}`;
    }
    case "random":
      return `${scenario.count} random images (seed ${scenario.seed})`;
    case "list": {
      const images = scenario.count === 1 ? "the image" : `the ${scenario.count} images`;
      return `${images} listed in ${listText(scenario)}${leftOutText(scenario)}`;
    }
  }
}

/** The forget set in words, with what was taken along: "class 3 (cat), with 2 exact copies". */
export function describeRequest({ scenario, along }: SplitManifest, classNames?: readonly string[]): string {
  return `${describeScenario(scenario, classNames)}${describeAlong(along)}`;
}

function describeAlong(along: SplitManifest["along"]): string {
  const { copies, missing } = { copies: along?.copies?.train ?? 0, missing: along?.missing?.train ?? 0 };
  const words = [
    ...(copies > 0 ? [`${copies} exact ${copies === 1 ? "copy" : "copies"}`] : []),
    ...(missing > 0 ? [`${missing} missing`] : []),
  ];
  return words.length === 0 ? "" : `, with ${words.join(" and ")}`;
}

function listText({ source, sha256: hash, match, skipped }: z.infer<typeof listSchema>): string {
  const by = match === undefined ? "" : `, matched by ${match}`;
  const passed =
    skipped === undefined
      ? ""
      : `; passed over: ${skipped.validation} in validation, ${skipped.test} in test, ${skipped.unknown} unknown`;
  return `${source} (sha256 ${hash.slice(0, 8)}${by}${passed})`;
}

function leftOutText({ leftOut }: { readonly leftOut?: z.infer<typeof leftOutSchema> }): string {
  if (leftOut === undefined) return "";
  const { validation, test } = leftOut;
  return `; ${validation} validation${test === 0 ? "" : ` and ${test} test`} images of those to forget are not used either`;
}

/** Refuses index lists that are not ascending, leave the data set, overlap, or do not add up. */
function checkIndices({ dataset, indices }: SplitManifest, where: string): void {
  for (const [name, list = []] of Object.entries(indices)) {
    const size = name === "test" ? dataset.numTest : dataset.numTrain;
    const bad = list.find((index, i) => index >= size || index <= (list[i - 1] ?? -1));
    if (bad !== undefined)
      throw contradiction(where, `indices.${name}`, `ascending indices below ${size}`, `index ${bad}`);
  }
  const { train, validation, leftOut = [], forget, retain, withheld = [] } = indices;
  const trained = new Set(train);
  const unused = new Set(leftOut);
  const shared =
    [...validation, ...leftOut].find((index) => trained.has(index)) ?? validation.find((index) => unused.has(index));
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
