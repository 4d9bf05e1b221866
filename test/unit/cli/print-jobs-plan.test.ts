import { expect, it } from "vitest";
import { printJobsPlan } from "../../../src/cli/print-jobs-plan.ts";
import { printedBy } from "../../support/command-line.ts";

it("has a line for each kind of stage, and the time of all", async () => {
  const { out } = await printedBy(() =>
    printJobsPlan([
      { kind: "train", jobs: 3, done: 1, failed: 0, secondsLeft: 120 },
      { kind: "evaluate", jobs: 12, done: 0, failed: 2, secondsLeft: 60 },
    ]),
  );
  expect(out).toBe(
    "train        3 jobs, 1 done; left: about 2 min 0 s\n" +
      "evaluate    12 jobs, 0 done, 2 failed before; left: about 1 min 0 s\n" +
      "in all    about 3 min 0 s in one process\n",
  );
});
