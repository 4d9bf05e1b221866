import { describe, it } from "vitest";
import { cleanseComparisonRecordSchema } from "../../../src/record/cleanse-comparison.ts";
import { compareCleanses } from "../report/backdoor/made-up-cleanse-comparison.ts";
import { expectFits, expectRefused } from "./damage.ts";

describe("the record of several cleanses of one model", () => {
  it("fits, also without a best one where no attack is known", () => {
    expectFits(cleanseComparisonRecordSchema, compareCleanses());
    const { best: _best, attack: _attack, ...unknown } = compareCleanses();
    expectFits(cleanseComparisonRecordSchema, unknown);
  });

  it.each<[string, unknown]>([
    ["cleanses", []],
    ["cleanses.1.run.method", undefined],
    ["cleanses.0.before.metrics.ASR.count", -1],
    ["best", -1],
    ["command", []],
  ])("is refused with another %s", (path, value) =>
    expectRefused(cleanseComparisonRecordSchema, compareCleanses(), path, value),
  );
});
