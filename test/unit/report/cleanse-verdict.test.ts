import { describe, expect, it } from "vitest";
import { cleanseVerdict } from "../../../src/report/cleanse-verdict.ts";
import { cleanseRecord } from "./made-up-cleanse.ts";

const verdict = (asr: [number, number], sa: [number, number]): [string, string] => {
  const { level, label } = cleanseVerdict(cleanseRecord(asr, sa));
  return [level, label];
};

describe("the verdict on a cleanse", () => {
  it.each<[[number, number], [number, number], string, string]>([
    [[0.99, 0.04], [0.94, 0.93], "good", "Cleansed"],
    [[0.99, 0.04], [0.94, 0.8], "caution", "Cleansed, at a cost"],
    [[0.99, 0.4], [0.94, 0.93], "caution", "Partly cleansed"],
    [[0.99, 0.97], [0.94, 0.93], "bad", "Not cleansed"],
    [[0.3, 0.02], [0.94, 0.93], "neutral", "Nothing to cleanse"],
  ])("of ASR %o and SA %o", (asr, sa, level, label) => {
    expect(verdict(asr, sa)).toEqual([level, label]);
  });

  it("says what fell, what it cost and whom the suspects were", () => {
    const { headline, sentences } = cleanseVerdict(cleanseRecord([0.99, 0.04], [0.94, 0.93]));
    expect(headline).toBe(
      "l1-sparse on the dense model has taken the badnets (target airplane) trigger away: its success rate fell from 99\u202f% to 4\u202f%.",
    );
    expect(sentences).toEqual([
      "The accuracy on clean test images fell by 1.0 point: 93\u202f%.",
      "Defence effectiveness 0.970 (0.100 to 0.990; 0.5 is nothing gained, 1 the best).",
      "4,400 of the 4,500 suspects are poisoned, of 4,500 poisoned in all.",
    ]);
  });

  it("does not claim what cannot be measured", () => {
    const { attack: _attack, DER: _DER, ...known } = cleanseRecord([0.99, 0.04], [0.94, 0.94]);
    const [before, run] = [known.before, known.run].map(({ metrics, ...rest }) => ({
      ...rest,
      metrics: { SA: metrics.SA },
    }));
    const { level, headline, sentences } = cleanseVerdict({ ...known, before, run } as never);
    expect(level).toBe("neutral");
    expect(headline).toContain("cannot be measured, because none is known");
    expect(sentences).toEqual(["The accuracy on clean test images is the same as before: 94\u202f%."]);
  });
});
