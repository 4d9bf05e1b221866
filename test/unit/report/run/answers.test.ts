import { describe, expect, it } from "vitest";
import { answersSentence, complementSentence, gainOutcome, guessingText } from "../../../../src/report/run/answers.ts";
import { evaluationRecord } from "../made-up-records.ts";

const plain = (text: string | undefined): string | undefined => text?.replaceAll("\u202f", " ");
const verdict = { answers: "changed", same: 0.25, chance: 0.25, commonest: 0.4 } as const;

describe("answers in words", () => {
  it("have UA beside its complement", () => {
    expect(plain(complementSentence(evaluationRecord({ model: [0.736, 0, 1, 1] })))).toBe(
      "UA 73.6 %: of the images to be forgotten 26.4 % are still classified correctly.",
    );
  });

  it("are nothing where no model before is known", () => {
    expect(answersSentence(evaluationRecord())).toBeUndefined();
    expect(plain(answersSentence({ ...evaluationRecord(), verdict }))).toContain("75 % get another answer than before");
  });

  it("name one answer only where it is the only one", () => {
    expect(guessingText(evaluationRecord(), verdict)).not.toContain("one answer");
    expect(guessingText(evaluationRecord(), { ...verdict, commonest: 0.99 })).toContain("one answer");
  });

  it.each([
    [[0.01, 0.02], "nearer"],
    [[-0.02, -0.01], "further"],
    [[-0.02, 0.01], "nothing"],
    [[0, 0], "nothing"],
  ] as const)("a gain of %j is %s", (interval, outcome) => {
    expect(gainOutcome({ ...verdict, gain: { value: 0, interval: [...interval] as [number, number] } })).toBe(outcome);
    expect(gainOutcome(verdict)).toBeUndefined();
  });
});
