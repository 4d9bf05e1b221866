import { describe, expect, it } from "vitest";
import { cleanseVerdict } from "../../../../src/report/backdoor/cleanse-verdict.ts";
import { cleanseRecord } from "./made-up-cleanse.ts";
import { metric } from "../made-up-records.ts";

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
    [[0.99, 0.04], [0.94, 0.34], "bad", "Useless"],
    [[0.99, 0.04], [0.35, 0.34], "bad", "Useless"],
  ])("of ASR %o and SA %o", (asr, sa, level, label) => {
    expect(verdict(asr, sa)).toEqual([level, label]);
  });

  it("says what fell, what it cost and whom the suspects were", () => {
    const { headline, sentences } = cleanseVerdict(cleanseRecord([0.99, 0.04], [0.94, 0.93]));
    expect(headline).toBe(
      "l1-sparse on the dense model has taken the badnets (target 0 (airplane)) trigger away: its success rate fell from 99\u202f% to 4\u202f%.",
    );
    expect(sentences).toEqual([
      "The accuracy on clean test images fell by 1.0 point: 93\u202f%.",
      "Defence effectiveness 97\u202f% (10.0–99.0; 50 is nothing gained, 100 the best).",
      "4,400 of the 4,500 suspects are poisoned, of 4,500 poisoned in all.",
    ]);
  });

  it("is cautious where images with the trigger are recognised no better than by guessing", () => {
    const record = cleanseRecord([0.99, 0.04], [0.94, 0.93]);
    const { metrics } = record.run;
    const run = { ...record.run, metrics: { ...metrics, robustAccuracy: metric(0.335, 9000) } };
    const { level, label, headline } = cleanseVerdict({ ...record, run });
    expect([level, label]).toEqual(["caution", "Still misclassified"]);
    expect(headline).toContain("are right only in 33.5\u202f%, no more than guessing among 3 classes.");
  });

  it("advises by what the method reads, and speaks of no suspects where there are none", () => {
    const record = cleanseRecord([0.99, 0.97], [0.94, 0.93]);
    expect(cleanseVerdict(record).sentences.at(-1)).toContain("a larger rate or a larger penalty");
    const { suspects: _, attack: __, ...blind } = record;
    const without = cleanseVerdict({ ...blind, ...(record.attack && { attack: record.attack }) });
    expect(without.sentences.at(-1)).toBe(
      "Stronger settings of the method may be needed, or suspected images to forget.",
    );
    expect(cleanseVerdict(blind).headline).toContain("The model was mended without a list of suspects. Whether");
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
