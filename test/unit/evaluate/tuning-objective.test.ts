import { describe, expect, it } from "vitest";
import { tuningObjective, tuningScores } from "../../../src/evaluate/tuning-objective.ts";
import { liveTensors, tensor } from "../../../src/torch/index.ts";
import type { Prediction } from "../../../src/train/index.ts";

/** One image for each pair: its label of three classes, and its logit for that label, the others being 0; below 0 it is wrong. */
function prediction(...images: [label: number, logit: number][]): Prediction {
  const logits = images.flatMap(([label, logit]) => [0, 1, 2].map((c) => (c === label ? logit : 0)));
  return {
    logits: tensor(Float32Array.from(logits), { shape: [images.length, 3] }),
    labels: tensor(BigInt64Array.from(images, ([label]) => BigInt(label))),
  };
}

const sure = 8;
const unsure = 0.5;
const wrong = -1;

describe("tuningScores", () => {
  it("weights never-seen images by the classes that are forgotten, and halves them for the attack", () => {
    const scores = tuningScores({
      // Class 0 three times in four. Of it half of the never-seen images are right, of class 1 all.
      forget: prediction([0, sure], [0, sure], [0, wrong], [1, sure]),
      neverSeen: prediction([0, unsure], [0, wrong], [1, unsure], [1, unsure], [2, wrong], [2, unsure]),
      withheld: prediction([0, sure], [1, sure], [2, wrong], [2, sure]),
      retain: prediction([0, sure], [1, sure], [2, sure], [2, sure]),
      forgetClasses: [],
    });
    expect(scores.forget).toBe(0.75);
    expect(scores.neverSeenForget).toBeCloseTo(0.75 * 0.5 + 0.25, 12);
    expect(scores.neverSeen).toBeCloseTo(4 / 6, 12);
    expect(scores.withheld).toBe(0.75);
    expect(scores.forgetOut).toBe(0.25); // the wrong one: what is unsure or worse is out, as the attack has learnt
    expect(scores.neverSeenOut).toBe(1);
  });

  it("where a class is forgotten whole, asks for it apart, and the others for utility", () => {
    const scores = tuningScores({
      forget: prediction([0, wrong], [0, sure]),
      neverSeen: prediction([0, unsure], [0, unsure], [0, wrong], [0, wrong], [1, unsure], [2, wrong]),
      withheld: prediction([1, sure], [2, sure]),
      retain: prediction([1, sure], [2, sure]),
      forgetClasses: [0],
    });
    expect(scores).toEqual({
      forget: 0.5,
      neverSeenForget: 0.5,
      neverSeen: 0.5,
      withheld: 1,
      forgetOut: 0.5,
      neverSeenOut: 1,
    });
  });

  it("refuses a model that has diverged, and a class that nothing never-seen is of", () => {
    const fine = prediction([0, sure], [0, unsure], [1, sure], [1, unsure]);
    const others = { forget: fine, neverSeen: fine, withheld: fine, retain: fine, forgetClasses: [] };
    expect(() => tuningScores({ ...others, forget: prediction([0, NaN]) })).toThrow(/forget: expected finite logits/);
    expect(() => tuningScores({ ...others, forget: prediction([2, sure]) })).toThrow(
      /expected some of class 2, which is forgotten/,
    );
  });

  it("leaves no tensors behind", () => {
    const fine = prediction([0, sure], [0, unsure], [1, sure], [1, unsure]);
    const before = liveTensors();
    tuningScores({ forget: fine, neverSeen: fine, withheld: fine, retain: fine, forgetClasses: [] });
    expect(liveTensors()).toBe(before);
  });
});

describe("tuningObjective", () => {
  const scores = {
    forget: 0.9,
    neverSeenForget: 0.7,
    neverSeen: 0.6,
    withheld: 0.65,
    forgetOut: 0.2,
    neverSeenOut: 0.5,
  };

  it("of single images is the mean of distances to never-seen ones and of losses below the original", () => {
    const { value, ...terms } = tuningObjective(scores, 0.7, false);
    expect(terms.forgetting).toBeCloseTo(0.2, 12);
    expect(terms.membership).toBeCloseTo(0.3, 12);
    expect(terms.retained).toBeCloseTo(0.05, 12);
    expect(terms.generalisation).toBeCloseTo(0.1, 12);
    expect(value).toBeCloseTo(0.65 / 4, 12);
  });

  it("counts forgetting too much like too little, and no gain in utility", () => {
    const over = tuningObjective({ ...scores, forget: 0.5 }, 0.5, false);
    expect(over.forgetting).toBeCloseTo(0.2, 12);
    expect([over.retained, over.generalisation]).toEqual([0, 0]);
  });

  it("of whole classes asks that they are unknown, in images to forget as in others", () => {
    const known = tuningObjective(
      { ...scores, forget: 0, neverSeenForget: 0.7, forgetOut: 1, neverSeenOut: 1 },
      0.5,
      true,
    );
    expect(known).toEqual({ forgetting: 0.7, membership: 0, retained: 0, generalisation: 0, value: 0.7 / 4 });
    const retrained = { ...scores, forget: 0, neverSeenForget: 0, forgetOut: 1, neverSeenOut: 1 };
    expect(tuningObjective(retrained, 0.5, true).value).toBe(0);
  });
});
