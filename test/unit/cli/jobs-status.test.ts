import { expect, it } from "vitest";
import { statusLine } from "../../../src/cli/jobs-status.ts";
import type { JobsStatus } from "../../../src/jobs/index.ts";

/** What is logged, shown and named for these states, one after another. */
function saidOf(...states: object[]): string[] {
  const said: string[] = [];
  const progress = {
    show: (text: string) => void said.push(`show ${text}`),
    set stage(name: string) {
      said.push(`stage ${name}`);
    },
  };
  const onStatus = statusLine({ log: (text) => void said.push(`log ${text}`), progress });
  for (const state of states) onStatus(state as JobsStatus);
  return said;
}

it("says which stage begins, and what failed or is done elsewhere", () => {
  const job = { title: "train, seed 1" };
  expect(saidOf({ total: 7, done: 3, failed: 1, elsewhere: 2, job })).toEqual([
    "stage 3/7",
    "log 3 of 7 jobs done, 1 failed, 2 in other processes; train, seed 1",
  ]);
});

it("waits where others do what is left, and is silent at the end", () => {
  expect(
    saidOf(
      { total: 2, done: 1, failed: 0, elsewhere: 1, job: null },
      { total: 2, done: 1, failed: 1, elsewhere: 0, job: null },
    ),
  ).toEqual(["stage 1/2", "show 1 of 2 jobs done, 1 in other processes; waiting", "stage 1/2"]);
});
