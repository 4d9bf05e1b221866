import { describe, it } from "vitest";
import { tuneRecordSchema } from "../../../src/record/tune.ts";
import { madeUpTune } from "../report/tune/made-up-tune.ts";
import { expectFits, expectRefused } from "./damage.ts";

describe("the record of a search", () => {
  it("fits, also with a budget of minutes that ran out", () => {
    expectFits(tuneRecordSchema, madeUpTune);
    const { trials: _trials, ...rest } = madeUpTune.budget;
    expectFits(tuneRecordSchema, { ...madeUpTune, budget: { ...rest, minutes: 0.5, exhausted: true } });
  });

  it.each<[string, unknown]>([
    ["search.0.scale", "cubic"],
    ["search.1.choices", []],
    ["budget.minutes", 0],
    ["trials.0.objective.value", "small"],
    ["trials.2.rung", -1],
    ["looked.statement", undefined],
    ["best.options.lr", true],
  ])("is refused with another %s", (path, value) => expectRefused(tuneRecordSchema, madeUpTune, path, value));
});
