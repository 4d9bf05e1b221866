import { describe, expect, it } from "vitest";
import type { EvaluationRecord } from "../../../../src/record/index.ts";
import { verdictOf } from "../../../../src/report/run/verdict.ts";
import type { Verdict } from "../../../../src/report/run/verdict.ts";
import { evaluationRecord } from "../made-up-records.ts";
import type { EvaluationOptions, Four } from "../made-up-records.ts";

const RANDOM: Four = [0.0541, 0.1312, 1, 0.9442];

function verdict(options: EvaluationOptions): Verdict {
  const { headline, sentences, ...rest } = verdictOf(evaluationRecord(options));
  const plain = (text: string): string => text.replaceAll("\u202f", " ");
  return { ...rest, headline: plain(headline), sentences: sentences.map(plain) };
}

describe("verdict", () => {
  it("says so when nothing was evaluated", () => {
    expect(verdictOf(undefined)).toMatchObject({ level: "neutral", label: "Not evaluated" });
  });

  it("says that nothing can be said where the images are gone and UA and MIA are not known", () => {
    const { UA: _UA, MIA: _MIA, ...metrics } = evaluationRecord().metrics;
    const { level, label, headline, sentences } = verdictOf({ ...evaluationRecord(), metrics });
    expect({ level, label }).toEqual({ level: "neutral", label: "Cannot be measured" });
    expect(headline).toContain("cannot be measured any more");
    expect(sentences.join(" ")).toMatch(/of the retained images right and .* of the test images/);
    const guesses = { answers: "guesses", chance: 0.1, commonest: 1 } as const;
    expect(verdictOf({ ...evaluationRecord(), metrics, verdict: guesses }).sentences.at(-1)).toMatch(
      /^This model guesses/,
    );
  });

  it("does not judge an original", () => {
    const { level, label, headline } = verdict({
      method: undefined,
      oracle: undefined,
      before: undefined,
      model: [0.0004, 0.05, 1, 0.95],
    });
    expect({ level, label }).toEqual({ level: "neutral", label: "Original" });
    expect(headline).toContain("nothing has been forgotten. It gets 0.04 % of the 4,500 forget images wrong");
  });

  it("calls Retrain the baseline", () => {
    const { label, headline } = verdict({ method: "retrain", oracle: undefined, model: [1, 1, 1, 0.95] });
    expect(label).toBe("Retrain baseline");
    expect(headline).toContain("it gets 100 % of the 4,500 wrong");
  });

  it("does not judge without an oracle, and says what was before", () => {
    const { level, label, headline, sentences } = verdict({ oracle: undefined });
    expect({ level, label }).toEqual({ level: "neutral", label: "No oracle" });
    expect(headline).toContain("FT gets 22.5 % of the 4,500 forget images wrong (before: 0.04 %)");
    expect(sentences.join(" ")).toContain("High numbers are not good in themselves");
  });

  it("sees too little forgotten", () => {
    const { level, label, headline, sentences } = verdict({});
    expect({ level, label }).toEqual({ level: "bad", label: "Under-forgets" });
    expect(headline).toBe(
      "FT has not forgotten enough: it gets 22.5 % of the 4,500 forget images wrong (Retrain: 100 %).",
    );
    expect(sentences[1]).toContain("25.8 points from Retrain on average");
    expect(sentences[1]).toContain("It took 2 min 31 s; Retrain took 43 min 13 s, 17 times as long.");
  });

  it("sees what only the attack sees", () => {
    const { label, headline } = verdict({ oracle: RANDOM, model: [0.0541, 0.02, 1, 0.9442] });
    expect(label).toBe("Under-forgets");
    expect(headline).toContain(
      "still remembers, which the membership attack shows and UA does not: the membership attack classifies 2 %",
    );
  });

  it("sees too much forgotten, slightly or not", () => {
    expect(verdict({ oracle: RANDOM, model: [0.4, 0.5, 1, 0.9442] })).toMatchObject({
      level: "caution",
      label: "Over-forgets",
    });
    expect(verdict({ oracle: RANDOM, model: [0.0741, 0.1512, 1, 0.9442] })).toMatchObject({
      label: "Over-forgets slightly",
    });
  });

  it("sees too little forgotten, but slightly", () => {
    const { level, label, headline } = verdict({ model: [0.98, 1, 1, 0.9483] });
    expect({ level, label }).toEqual({ level: "caution", label: "Under-forgets slightly" });
    expect(headline).toContain("has not quite forgotten");
  });

  it("sees both at once", () => {
    const { label, headline } = verdict({ oracle: RANDOM, model: [0.3, 0.02, 1, 0.9442] });
    expect(label).toBe("Unlike Retrain");
    expect(headline).toContain("30 %");
    expect(headline).toContain("2 %");
  });

  it("sees a match, and what it costs", () => {
    expect(verdict({ oracle: RANDOM, model: RANDOM })).toMatchObject({ level: "good", label: "Forgets like Retrain" });
    const paid = verdict({ oracle: RANDOM, model: [0.0545, 0.13, 0.9, 0.85] });
    expect(paid).toMatchObject({ level: "caution", label: "Forgets, at a price" });
    expect(paid.sentences[1]).toContain(
      "less accurate than Retrain on retained images (90 % against 100 %) and on test images (85 % against 94.4 %)",
    );
  });

  it("does not call a match what few images cannot tell", () => {
    expect(verdict({ oracle: RANDOM, model: [0.1, 0.2, 1, 0.9442], forget: 40 })).toMatchObject({
      level: "caution",
      label: "Too few images to tell",
    });
  });

  it("names the pruned original, and claims no speed that is not there", () => {
    const { headline, sentences } = verdict({ sparsity: 0.95, seconds: 5000 });
    expect(headline).toMatch(/^FT on the 95 % pruned model has/);
    expect(sentences[1]).toMatch(/It took 1 h 23 min; Retrain took 43 min 13 s\.$/);
  });

  it("gives UA's complement in words first", () => {
    expect(verdict({}).sentences[0]).toBe(
      "UA 22.5 %: of the images to be forgotten 77.5 % are still classified correctly.",
    );
  });
});

const answered = { answers: "changed", same: 0.78, chance: 1 / 9, commonest: 0.12 } as const;

/** The verdict on a record with what became of the answers. */
function withAnswers(
  change: Partial<NonNullable<EvaluationRecord["verdict"]>>,
  options: EvaluationOptions = {},
  rest: Partial<EvaluationRecord> = {},
): string {
  const record = { ...evaluationRecord(options), ...rest, verdict: { ...answered, ...change } };
  const { level, label, headline, sentences } = verdictOf(record);
  return `${level}, ${label}: ${[headline, ...sentences].join(" ")}`.replaceAll("\u202f", " ");
}

describe("what became of the answers", () => {
  it("is said of answers that changed, and of those that did not", () => {
    expect(withAnswers({})).toContain("Of the 4,500 images to be forgotten, 22 % get another answer than before.");
    expect(withAnswers({ answers: "unchanged", same: 1 })).toContain(
      "Its answers on the 4,500 images to be forgotten are unchanged: all of them are what they were before.",
    );
    expect(withAnswers({ answers: "unchanged", same: 0.995 })).toContain("99.5 % are what they were before");
  });

  it("comes first where the model guesses now, whatever its gaps", () => {
    const destroyed = withAnswers(
      { answers: "guesses", guessedBefore: false, commonest: 1, gain: { value: 0.1, interval: [0.09, 0.11] } },
      { oracle: RANDOM, model: [0.9, 0.9, 0.112, 0.11] },
    );
    expect(destroyed).toMatch(
      /^bad, Destroyed: FT has destroyed the model, which now guesses: it gets 11\.2 % of the retained images right and 11 % of the test images, where guessing gets 11\.1 %; it gives one answer to 100 % of them\. UA 90 %:/,
    );
    expect(withAnswers({ answers: "guesses", guessedBefore: false }, { method: "retrain" })).toMatch(
      /^bad, Destroyed: This Retrain guesses: /,
    );
  });

  it("is no destruction where the model guessed before, or nothing was forgotten", () => {
    expect(withAnswers({ answers: "guesses", guessedBefore: true })).toMatch(
      /^caution, Guesses: This model guesses, as it did before: /,
    );
    expect(withAnswers({ answers: "guesses" }, { method: undefined })).toMatch(
      /^caution, Guesses: This model guesses: /,
    );
  });
});

describe("what forgetting gained", () => {
  const before = { ...evaluationRecord().before, disparityAverage: 0.5 } as NonNullable<EvaluationRecord["before"]>;

  it("comes first where doing nothing is as near to Retrain", () => {
    expect(
      withAnswers({ gain: { value: 0.001, interval: [-0.01, 0.012] } }, { oracle: RANDOM, model: RANDOM }, { before }),
    ).toMatch(
      /^caution, Nothing gained: Forgetting gained nothing that can be measured: the model as it was is as near to Retrain as what FT made of it \(Disparity Ave\. 50\.0 points before, 0\.0 points now\)\. UA 5\.4 %: .* FT forgets as Retrain does/,
    );
    expect(withAnswers({ gain: { value: 0, interval: [0, 0] } })).toMatch(/^bad, Nothing gained/);
  });

  it("or nearer", () => {
    expect(withAnswers({ gain: { value: -0.1, interval: [-0.12, -0.08] } }, {}, { before })).toMatch(
      /^bad, Worse than doing nothing: FT took the model further from Retrain than it was: Disparity Ave\. 50\.0 points before, 25\.8 points now\./,
    );
  });

  it("is a last sentence where it is something", () => {
    expect(withAnswers({ gain: { value: 0.2, interval: [0.19, 0.21] } }, {}, { before })).toMatch(
      /^bad, Under-forgets: .* Forgetting brought it nearer to Retrain: Disparity Ave\. 50\.0 points before, 25\.8 points now\.$/,
    );
  });

  it("is not asked of Retrain", () => {
    const gain = { value: 0, interval: [0, 0] as [number, number] };
    expect(withAnswers({ gain }, { method: "retrain" })).toMatch(/^neutral, Retrain baseline/);
  });
});
