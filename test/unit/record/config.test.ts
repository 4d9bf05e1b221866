import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checkConfig, readConfig } from "../../../src/record/config.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const schema = z.strictObject({
  epochs: z.number(),
  schedule: z.enum(["cosine", "constant"]).optional(),
  data: z.strictObject({ name: z.string() }),
});

describe.each([
  ["checkConfig", (config: unknown) => checkConfig(schema, config)],
  ["readConfig", (config: unknown) => readConfig(schema, config, "runs/a")],
])("%s", (_, parse) => {
  it("gives back what it was given, its keys in their order and nothing added", () => {
    const given = { data: { name: "embedded" }, epochs: 3 };
    expect(parse(given)).toBe(given);
    expect(JSON.stringify(parse(given))).toBe('{"data":{"name":"embedded"},"epochs":3}');
  });
});

describe("checkConfig", () => {
  it("names what is missing, unknown, or of another type", () => {
    const error = thrownBy(() => checkConfig(schema, { epochs: "3", data: {}, epoch: 5 }));
    expect(error.code).toBe("E_ARG");
    expect(error.message).toBe(
      'epochs: expected number, got string; data.name: expected string, got undefined; the whole: Unrecognized key: "epoch"',
    );
    expect(error.hint).toBe("correct what is named, or leave it out");
  });

  it("suggests the choice that was likely meant", () => {
    const error = thrownBy(() => checkConfig(schema, { epochs: 3, schedule: "cosin", data: { name: "a" } }));
    expect(error.message).toBe('schedule: expected one of cosine, constant, got "cosin"');
    expect(error.hint).toBe("did you mean cosine?");
  });
});

describe("readConfig", () => {
  it("names the run, and says what to do about one of another version", () => {
    const error = thrownBy(() => readConfig(schema, { epochs: 3, data: { name: "a" }, warmth: 1 }, "runs/a"));
    expect(error.code).toBe("E_CHECKPOINT");
    expect(error.message).toBe(
      'runs/a: expected a run with the settings of this version, got the whole: Unrecognized key: "warmth"',
    );
    expect(error.hint).toContain("the version of Coppice that made the run");
  });
});
