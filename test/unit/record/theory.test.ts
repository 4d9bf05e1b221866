import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { theoryBound, type TheoryRecord, theoryRecordSchema } from "../../../src/record/theory.ts";
import { expectFits, expectRefused } from "./damage.ts";

const file = new URL("../../../docs/results/theory/theory.json", import.meta.url);
const record = JSON.parse(readFileSync(file, "utf8")) as TheoryRecord;

describe("the record of the theory", () => {
  it("fits", () => {
    expect(record.points.length).toBeGreaterThan(1);
    expectFits(theoryRecordSchema, record);
  });

  it.each<[string, unknown]>([
    ["points.0.sparsity", 1],
    ["points.0.error", -1],
    ["points.0.sigmaConverged", 1],
    ["correlations.0.interval", [0.1]],
    ["finding.verdict", "perhaps"],
  ])("is refused with another %s", (path, value) => expectRefused(theoryRecordSchema, record, path, value));

  it("has points whose bound is rate squared by steps by distance by singular value", () => {
    const [point] = record.points;
    const made = { ...(point as NonNullable<typeof point>), lr: 0.1, steps: 7, distance: 3, sigma: 5 };
    expect(theoryBound(made)).toBeCloseTo(0.01 * 7 * 3 * 5, 12);
  });
});
