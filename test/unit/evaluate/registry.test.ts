import { describe, expect, it } from "vitest";
import { metrics } from "../../../src/evaluate/registry.ts";

describe("metrics", () => {
  it("lists every metric once, with everything a reader needs", () => {
    expect(metrics.map(({ name }) => name)).toEqual([
      "UA",
      "MIA",
      "RA",
      "TA",
      "RTE",
      "disparity-average",
      "MIA-privacy",
      "weight-distance",
      "ASR",
      "ASR-reference",
      "robust-accuracy",
      "DER",
    ]);
    for (const { title, description, source } of metrics) {
      for (const text of [title, description, source]) expect(text.trim().length).toBeGreaterThan(2);
    }
  });

  it("judges forgetting by what Retrain has, not by more or less", () => {
    const matching = metrics.filter(({ direction }) => direction === "match-oracle").map(({ name }) => name);
    expect(matching).toEqual(["UA", "MIA"]);
  });
});
