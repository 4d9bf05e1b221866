import { describe, expect, it } from "vitest";
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
    expect(sentences[0]).toContain("25.8 points from Retrain on average");
    expect(sentences[0]).toContain("It took 2 min 31 s; Retrain took 43 min 13 s, 17 times as long.");
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
    expect(paid.sentences[0]).toContain(
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
    expect(sentences[0]).toMatch(/It took 1 h 23 min; Retrain took 43 min 13 s\.$/);
  });
});
