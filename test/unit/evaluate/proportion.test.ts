import { describe, expect, it } from "vitest";
import { clopperPearson } from "../../../src/statistics/clopper-pearson.ts";
import { proportion } from "../../../src/evaluate/proportion.ts";
import { metricSchema } from "../../../src/record/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";

describe("proportion", () => {
  it("is what records hold", () => {
    const metric = proportion(3, 12, "higher");
    expect(metricSchema.parse(metric)).toEqual({
      value: 0.25,
      direction: "higher",
      unit: "fraction",
      count: 12,
      interval: clopperPearson(3, 12),
    });
  });

  it("refuses a share of nothing", () => {
    expect(thrownBy(() => proportion(0, 0, "higher")).code).toBe("E_ARG");
  });
});
