import { describe, expect, it } from "vitest";
import { denseDuration, duration, utc } from "../../../src/format/durations.ts";

describe("durations", () => {
  it.each([
    [0, "0 s"],
    [0.4231, "0.42 s"],
    [43.2, "43 s"],
    [59.7, "1 min 0 s"],
    [151, "2 min 31 s"],
    [3900, "1 h 5 min"],
  ])("%d seconds are %s", (value, expected) => expect(duration(value)).toBe(expected));

  it("of sparse kernels stand beside the estimate for dense ones, where there is one", () => {
    expect(denseDuration({ seconds: 10, denseSeconds: 84 })).toBe("dense: about 1 min 24 s, 8.4 times as long");
    expect(denseDuration({ seconds: 10 })).toBeUndefined();
  });

  it("moments are cut to the minute", () => {
    expect(utc("2026-08-22T14:03:09.123Z")).toBe("2026-08-22 14:03 UTC");
  });
});
