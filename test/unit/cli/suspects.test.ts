import { describe, expect, it } from "vitest";
import { suspectsOf, unusedSuspectNotes } from "../../../src/cli/suspects.ts";
import { thrownBy } from "../../support/thrown-by.ts";

describe("suspects", () => {
  it("come from a file or from a detector with its options", () => {
    expect(suspectsOf({ suspects: "a.csv" }, ["finetune"])).toEqual({ kind: "ids", file: "a.csv" });
    const options = { detect: "strip", detectAlpha: 0.4, alpha: 3 };
    expect(suspectsOf(options, ["finetune"])).toEqual({ kind: "detect", detector: "strip", options: { alpha: 0.4 } });
  });

  it("are none where no method reads training images", () => {
    expect(suspectsOf({}, ["anp", "clp"])).toEqual({ kind: "none" });
    expect(suspectsOf({ suspects: "a.csv" }, ["anp"])).toEqual({ kind: "none" });
    expect(suspectsOf({ suspects: "a.csv" }, ["anp", "finetune"])).toEqual({ kind: "ids", file: "a.csv" });
  });

  it("must be given to a method that reads training images, and options only to a detector", () => {
    const missing = thrownBy(() => suspectsOf({}, ["anp", "finetune"]));
    expect(missing.message).toBe("suspects: expected --suspects or --detect for finetune, got neither");
    expect(missing.hint).toContain("anp");
    const alone = thrownBy(() => suspectsOf({ suspects: "a.csv", ...{ detectFalseAlarms: 0.1 } }, ["finetune"]));
    expect(alone.message).toBe("--detect-false-alarms: expected --detect beside it, got none");
    expect(alone.hint).toBe("for example --detect strip");
    expect([missing.code, alone.code]).toEqual(["E_ARG", "E_ARG"]);
  });

  it("that make no difference to a method are told", () => {
    expect(unusedSuspectNotes({ suspects: "a.csv" }, ["finetune", "anp"])).toEqual([
      "note: anp reads no training images, so the suspects make no difference to it",
    ]);
    expect(unusedSuspectNotes({}, ["anp"])).toEqual([]);
  });
});
