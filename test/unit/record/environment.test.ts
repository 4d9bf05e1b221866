import { describe, expect, it } from "vitest";
import { environmentSchema } from "../../../src/record/environment.ts";
import { environment } from "../report/made-up-records.ts";

describe("environment", () => {
  it("fits a checkout and an installed package", () => {
    expect(environmentSchema.parse(environment)).toEqual(environment);
    const { gitCommit: _commit, gitDirty: _dirty, ...installed } = environment;
    expect(environmentSchema.parse(installed)).toEqual(installed);
  });

  it("refuses a load of other than three numbers and an abbreviated commit", () => {
    expect(environmentSchema.safeParse({ ...environment, loadAverage: [0.1] }).success).toBe(false);
    expect(environmentSchema.safeParse({ ...environment, gitCommit: "0123456" }).success).toBe(false);
  });
});
