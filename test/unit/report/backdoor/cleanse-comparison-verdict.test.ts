import { expect, it } from "vitest";
import { cleanseComparisonVerdict } from "../../../../src/report/index.ts";
import { compareCleanses } from "./made-up-cleanse-comparison.ts";

it("is that on the best cleanse, and says where the others ended", () => {
  const { level, label, headline, sentences } = cleanseComparisonVerdict(compareCleanses());
  expect([level, label]).toEqual(["good", "Cleansed"]);
  expect(headline).toContain(
    "FT on the 90\u202f% pruned model has taken the badnets (target 0 (airplane)) trigger away",
  );
  expect(sentences[0]).toBe(
    "Of 4 ways this is the one of the highest defence effectiveness on these very test images, which flatters it.",
  );
  expect(sentences.at(-1)).toBe(
    "The attack success is at most 10\u202f% after l1-sparse on the dense model, FT on the 90\u202f% pruned model and l1-sparse on the 90\u202f% pruned model, and above after FT on the dense model.",
  );
});

it("speaks of no suspects where the best cleanse read none, though others did", () => {
  const record = compareCleanses();
  const cleanses = record.cleanses.map(({ suspects, ...each }, i) =>
    i === record.best || suspects === undefined ? each : { ...each, suspects },
  );
  const said = (of: typeof record): string => cleanseComparisonVerdict(of).sentences.join(" ");
  expect(said(record)).toContain("suspects are poisoned");
  expect(said({ ...record, cleanses })).not.toContain("suspects");
});

it("claims nothing of a trigger that nobody knows", () => {
  const { best: _best, attack: _attack, ...blind } = compareCleanses();
  const { level, headline, sentences } = cleanseComparisonVerdict(blind);
  expect(level).toBe("neutral");
  expect(headline).toBe(
    "4,500 suspected images were unlearned, in 4 ways. Whether a trigger still works cannot be measured, because none is known.",
  );
  expect(sentences[0]).toContain("93\u202f% with FT on the dense model");
});
