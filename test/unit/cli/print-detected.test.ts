import { expect, it } from "vitest";
import { printDetected } from "../../../src/cli/print-detected.ts";
import { printedBy } from "../../support/command-line.ts";
import { metric } from "../report/made-up-records.ts";

it("says how many are suspected, and how many of them rightly where the truth is known", async () => {
  const truth = { precision: metric(0.75, 4), recall: metric(0.6, 5), found: 3, poisoned: 5 };
  const known = await printedBy(() => printDetected({ suspects: 4, train: 1500, truth }, "suspects.csv"));
  expect(known.out).toMatch(
    /^suspects\.csv: 4 suspects among 1,500 training images\n {2}precision 0\.7500 \(0\.\d{4} to 1\.0000\): 3 of the suspects are poisoned\n {2}recall 0\.6000 \(.*\): of 5 poisoned images\n$/,
  );
  const unknown = await printedBy(() => printDetected({ suspects: 1, train: 1500 }, "suspects.csv"));
  expect(unknown.out).toBe("suspects.csv: 1 suspect among 1,500 training images\n");
});
