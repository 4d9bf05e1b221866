import { describe, expect, it } from "vitest";
import { count, fraction, moment, settings, sha256, splitCountsSchema } from "../../../src/record/fields.ts";

describe("fields of records", () => {
  it.each([0, 0.5, 1])("takes %d as a fraction", (value) => expect(fraction.safeParse(value).success).toBe(true));
  it.each([-0.1, 1.1, 50, Number.NaN, Infinity, "0.5"])("refuses %s as a fraction", (value) =>
    expect(fraction.safeParse(value).success).toBe(false),
  );
  it.each([-1, 0.5, "1"])("refuses %s as a count", (value) => expect(count.safeParse(value).success).toBe(false));

  it("takes hashes in lower-case hexadecimal only", () => {
    expect(sha256.safeParse("0f".repeat(32)).success).toBe(true);
    expect(sha256.safeParse("0F".repeat(32)).success).toBe(false);
    expect(sha256.safeParse("0f".repeat(31)).success).toBe(false);
  });

  it("takes moments in UTC only", () => {
    expect(moment.safeParse(new Date(0).toISOString()).success).toBe(true);
    expect(moment.safeParse("2026-08-22T14:03:09+02:00").success).toBe(false);
    expect(moment.safeParse("yesterday").success).toBe(false);
  });

  it("takes as settings what JSON can hold, and nothing else", () => {
    expect(settings.safeParse({ lr: 0.1, milestones: [0.5, 0.75], nested: { on: true, none: null } }).success).toBe(
      true,
    );
    expect(settings.safeParse({ lr: Number.NaN }).success).toBe(false);
    expect(settings.safeParse({ run: () => 1 }).success).toBe(false);
  });

  it("refuses a split part it does not know", () => {
    const counts = { train: 4, validation: 0, forget: 1, retain: 3, test: 2 };
    expect(splitCountsSchema.safeParse(counts).success).toBe(true);
    expect(splitCountsSchema.safeParse({ ...counts, poisoned: 1 }).success).toBe(false);
  });
});
