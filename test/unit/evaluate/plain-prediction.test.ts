/** Whatever measures predictions says the same of arrays as of tensors, and leaves no tensors behind. */
import { beforeAll, describe, expect, it } from "vitest";
import {
  membershipFeatures,
  attackSuccess,
  attackSuccessReference,
  cautionsFor,
  countCorrect,
  evaluateLogits,
  membershipAttack,
  membershipEfficacy,
  membershipPrivacy,
  retainAccuracy,
  robustAccuracy,
  testAccuracy,
  tuningScores,
  unlearningAccuracy,
} from "../../../src/evaluate/index.ts";
import {
  countImages,
  type PlainPrediction,
  toPrediction,
  withPrediction,
} from "../../../src/evaluate/plain-prediction.ts";
import { liveTensors, Tensor } from "../../../src/torch/index.ts";
import type { Prediction } from "../../../src/train/index.ts";
import { collectGarbage } from "../../support/collect-garbage.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { madeUpPrediction } from "./samples.ts";

/** The same numbers as arrays. */
function plain({ logits, labels }: Prediction): PlainPrediction {
  const [count = 0, numClasses = 0] = logits.shape;
  const flat = logits.toArray();
  const rows = Array.from({ length: count }, (_, i) => flat.slice(i * numClasses, (i + 1) * numClasses));
  return { logits: rows, labels: labels.toArray() };
}

const tensors = {
  forget: madeUpPrediction(1, { accuracy: 0.9, certainty: 4, count: 80 }),
  retain: madeUpPrediction(2, { accuracy: 1, certainty: 8, count: 120 }),
  test: madeUpPrediction(3, { accuracy: 0.8, certainty: 3, count: 100 }),
};
const arrays = { forget: plain(tensors.forget), retain: plain(tensors.retain), test: plain(tensors.test) };

// What the predictions were made of: collected in the middle of a test, it would change the count.
beforeAll(() => collectGarbage());

type Sets = Readonly<Record<keyof typeof arrays, Prediction | PlainPrediction>>;

const measures: [name: string, measure: (sets: Sets) => unknown][] = [
  ["UA", ({ forget }) => unlearningAccuracy.measure(forget)],
  ["RA", ({ retain }) => retainAccuracy.measure(retain)],
  ["TA", ({ test }) => testAccuracy.measure(test)],
  ["the number of right answers", ({ test }) => countCorrect(test)],
  ["MIA-Efficacy", (sets) => membershipEfficacy.measure({ attack: "confidence", ...sets })],
  ["MIA-Privacy", ({ retain, test }) => membershipPrivacy.measure({ attack: "entropy", retain, test })],
  [
    "a membership attack",
    ({ forget, retain, test }) => membershipAttack({ members: retain, nonMembers: test, images: forget }),
  ],
  ["features", ({ forget }) => withPrediction("", forget, (each) => membershipFeatures("m_entropy", each).toArray())],
  ["ASR", ({ test }) => attackSuccess.measure({ triggered: test, target: 1 })],
  ["ASR, reference", ({ test }) => attackSuccessReference.measure({ triggered: test, target: 1 })],
  ["robust accuracy", ({ test }) => robustAccuracy.measure({ triggered: test, target: 1 })],
  ["cautions", (sets) => cautionsFor(sets)],
  [
    "the terms of the tuning objective",
    ({ forget, retain, test }) =>
      tuningScores({ forget, retain, neverSeen: test, withheld: retain, forgetClasses: [] }),
  ],
];

describe("of arrays and of tensors", () => {
  it.each(measures)("%s is the same", (_, measure) => {
    const before = liveTensors();
    expect(measure(arrays)).toEqual(measure(tensors));
    expect(liveTensors()).toBe(before);
  });

  it("the whole audit is the same", async () => {
    const before = liveTensors();
    const { metrics, notes } = await evaluateLogits({ ...arrays, seconds: 2 });
    expect({ metrics, notes }).toEqual(await evaluateLogits({ ...tensors, seconds: 2 }));
    await expect(evaluateLogits({ ...arrays, test: { logits: [], labels: [] }, seconds: 2 })).rejects.toThrow(
      /^test: /,
    );
    expect(liveTensors()).toBe(before);
  });
});

describe("toPrediction", () => {
  it("hands tensors on, and copies arrays", () => {
    expect(toPrediction("forget", tensors.forget)).toBe(tensors.forget);
    const rows = toPrediction("forget", {
      logits: [
        [1, 2],
        [0.1, 4],
      ],
      labels: [0, 1],
    });
    expect([rows.logits.dtype, rows.logits.shape, rows.labels.dtype]).toEqual(["float64", [2, 2], "int64"]);
    expect(rows.logits.toArray()).toEqual([1, 2, 0.1, 4]);
    const data = Float32Array.of(1, 2, 3, 4, 5, 6);
    const flat = toPrediction("forget", { logits: { data, shape: [3, 2] }, labels: Int32Array.of(0, 1, 0) });
    expect([flat.logits.dtype, flat.logits.shape]).toEqual(["float32", [3, 2]]);
    data[0] = 9;
    expect(flat.logits.toArray()[0]).toBe(1);
    expect(toPrediction("forget", { logits: [[1, 2]], labels: BigInt64Array.of(1n) }).labels.toArray()).toEqual([1]);
  });

  const two = [
    [1, 2],
    [3, 4],
  ];
  it.each<[string, PlainPrediction, string, RegExp]>([
    [
      "rows of different lengths",
      { logits: [[1, 2], [3]], labels: [0, 1] },
      "E_SHAPE",
      /got 2 in the first and 1 in row 1/,
    ],
    [
      "a shape that is not the data's",
      { logits: { data: new Float32Array(5), shape: [3, 2] }, labels: [0, 1, 0] },
      "E_SHAPE",
      /got 5 and \[3, 2\]/,
    ],
    ["a label too few", { logits: two, labels: [0] }, "E_SHAPE", /got \[2, 2\] and \[1\]/],
    ["half a label", { logits: two, labels: [0, 0.5] }, "E_ARG", /whole numbers, got 0.5/],
    ["a label that is no class", { logits: two, labels: [0, 2] }, "E_ARG", /labels 0 to 1/],
    ["logits that are not finite", { logits: [[1, NaN]], labels: [0] }, "E_ARG", /finite logits/],
  ])("refuses %s, naming the set", (_, broken, code, message) => {
    const before = liveTensors();
    const error = thrownBy(() => toPrediction("forget", broken));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
    expect(error.message).toMatch(/^forget: /);
    expect(liveTensors()).toBe(before);
  });
});

it("counts images without making tensors", () => {
  expect([countImages(tensors.forget), countImages(arrays.forget)]).toEqual([80, 80]);
});

it("withPrediction frees what it made, and keeps what is returned", () => {
  const kept = withPrediction("forget", { logits: [[1, 2]], labels: [0] }, ({ logits }) => logits.mul(2));
  expect(kept).toBeInstanceOf(Tensor);
  expect(kept.toArray()).toEqual([2, 4]);
});
