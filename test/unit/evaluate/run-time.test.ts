import { describe, expect, it } from "vitest";
import { runTime } from "../../../src/evaluate/run-time.ts";
import { thrownBy } from "../../support/thrown-by.ts";

describe("runTime", () => {
  it("is the seconds it was given", () => {
    expect(runTime.measure(12.5)).toEqual({ seconds: 12.5 });
  });

  it("refuses a negative or missing time", () => {
    for (const seconds of [-1, NaN, Infinity]) expect(thrownBy(() => runTime.measure(seconds)).code).toBe("E_ARG");
  });
});
