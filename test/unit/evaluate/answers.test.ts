import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answersOf, guessing, sameAnswers } from "../../../src/evaluate/answers.ts";
import type { PlainPrediction } from "../../../src/evaluate/plain-prediction.ts";
import { liveTensors } from "../../../src/torch/index.ts";

const numClasses = 4;

/** Images of these labels that get these answers. */
function said(labels: readonly number[], answers: readonly number[]): PlainPrediction {
  const logits = answers.map((answer) => Array.from({ length: numClasses }, (_, label) => (label === answer ? 3 : 0)));
  return { logits, labels };
}

const labels = Array.from({ length: 80 }, (_, i) => i % numClasses);
const right = said(labels, labels);
/** Right in one of four, with every answer as often. */
const random = said(
  labels,
  labels.map((_, i) => Math.floor(i / numClasses) % numClasses),
);
const one = said(
  labels,
  labels.map(() => 2),
);

describe("a model that guesses", () => {
  it("is one whose accuracy cannot be told from chance on retained and test images", () => {
    expect(guessing({ retain: random, test: random })).toEqual({ guesses: true, chance: 0.25, commonest: 0.25 });
    expect(guessing({ retain: right, test: right })).toEqual({ guesses: false, chance: 0.25, commonest: 0.25 });
    expect(guessing({ retain: right, test: random }).guesses).toBe(false);
    expect(guessing({ retain: random, test: right }).guesses).toBe(false);
  });

  it("is one that gives a single answer", () => {
    expect(guessing({ retain: one, test: one })).toEqual({ guesses: true, chance: 0.25, commonest: 1 });
    const mostly = said(
      [...Array<number>(200).fill(2), ...labels],
      [...Array<number>(200).fill(2), ...labels.map(() => 2)],
    );
    expect(guessing({ retain: mostly, test: mostly }).guesses).toBe(true);
  });

  it("is none that gets data of one class right, or almost one", () => {
    const same = said([2, 2, 2, 2], [2, 2, 2, 2]);
    expect(guessing({ retain: same, test: same }).guesses).toBe(false);
    const almost = said([...Array<number>(99).fill(2), 1], Array<number>(100).fill(2));
    expect(guessing({ retain: almost, test: almost }).guesses).toBe(false);
  });

  it("counts classes that are retained only: one that was forgotten whole is no choice", () => {
    const three = labels.map((label) => label % 3);
    expect(guessing({ retain: said(three, three), test: said(three, three) }).chance).toBe(1 / 3);
  });

  it("is never one that is always right, however few images there are", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(numClasses - 1), { minLength: 1, maxLength: 12 }), (some) => {
        expect(guessing({ retain: said(some, some), test: said(some, some) }).guesses).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});

describe("answers before and after", () => {
  it("are compared by class, image by image, and leave no memory behind", () => {
    const live = liveTensors();
    expect(sameAnswers(right, right)).toBe(1);
    expect(sameAnswers(right, one)).toBe(0.25);
    expect(guessing({ retain: right, test: one }).guesses).toBe(false);
    expect(liveTensors()).toBe(live);
  });

  it("are unchanged from 99 % on, unless the model guesses", () => {
    const knows = { guesses: false, chance: 0.25, commonest: 0.25 };
    expect([1, 0.99, 0.98, 0].map((same) => answersOf(knows, same))).toEqual([
      "unchanged",
      "unchanged",
      "changed",
      "changed",
    ]);
    expect(answersOf(knows, undefined)).toBe("not compared");
    expect(answersOf({ ...knows, guesses: true }, 1)).toBe("guesses");
  });
});
