import { expect, it } from "vitest";
import type { TransferRow } from "../../../../src/record/index.ts";
import { outcomeOf, probeCautions, removalVerdict } from "../../../../src/report/transfer/transfer-verdict.ts";
import { madeUpTransfer, summary } from "./made-up-transfer.ts";

const { points } = madeUpTransfer;

const withGains = (...gains: ReturnType<typeof summary>[]): { rows: TransferRow[]; points: typeof points } => {
  const row = { method: "finetune", removed: ["cat"], accuracy: summary(0.5, 0.1), transferSeconds: 1 };
  return { rows: gains.map((gain) => ({ ...row, gain })), points };
};

it.each([
  [summary(0.03, 0.02), "helped"],
  [summary(-0.03, 0.02), "hurt"],
  [summary(0.03, 0.04), "undecided"],
  [summary(0.03, null), "undecided"],
  [summary(0.03, 0), "undecided"], // of whole images, not of certainty
] as const)("takes a gain of %j for %s", (gain, outcome) => {
  expect(outcomeOf(gain)).toBe(outcome);
});

it.each([
  [[summary(0.03, 0.02), summary(0.01, 0.02)], "It helped", "good"],
  [[summary(-0.03, 0.02), summary(0.01, 0.02)], "It hurt", "bad"],
  [[summary(-0.03, 0.02), summary(0.03, 0.02)], "Mixed", "caution"],
  [[summary(0.01, 0.02)], "Undecided", "caution"],
  [[], "Nothing removed", "neutral"],
] as const)("of gains %j says %s", (gains, label, level) => {
  expect(removalVerdict(withGains(...gains))).toMatchObject({ label, level });
});

it("names what helped with its interval, and says how many comparisons there were", () => {
  const { headline, sentences } = removalVerdict(madeUpTransfer);
  expect(headline).toBe("Removing source classes raised the target accuracy.");
  expect(sentences[0]).toBe("It raised it: l1-sparse without cat by 3.0 points (95 % +1.00 to +5.00).");
  expect(sentences[1]).toContain("Of 3 comparisons at 95 %, one in twenty");
});

it("says so when one seed cannot tell, and when nothing raised the accuracy", () => {
  const single = { ...withGains(summary(-0.03, null)), points: points.filter(({ seed }) => seed === 1) };
  const { label, sentences } = removalVerdict(single);
  expect([label, sentences[0]]).toEqual(["Undecided", expect.stringContaining("--seeds 3")]);
  expect(sentences[1]).toContain("least lowered by FT without cat: −3.00 points (no interval");
});

it("counts many classes instead of naming them", () => {
  const removed = Array.from({ length: 200 }, (_, i) => `n${i}`);
  const { rows } = withGains(summary(0.03, 0.02));
  const { sentences } = removalVerdict({ rows: rows.map((row) => ({ ...row, removed })), points });
  expect(sentences[0]).toContain("FT without 200 classes by");
});

it("warns where the transfer of the whole source does not beat guessing", () => {
  expect(probeCautions(madeUpTransfer)).toEqual([]); // 60 %, from 53 % on, of two classes
  const interval: [number, number] = [0.49, 0.6];
  const guessing = points.map((point) => ({ ...point, accuracy: { ...point.accuracy, interval } }));
  expect(probeCautions({ ...madeUpTransfer, points: guessing })[0]).toMatch(/^With all .* \(50\s%\) in 3 seeds:/);
});
