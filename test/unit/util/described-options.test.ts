import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attacks } from "../../../src/data/poison/registry.ts";
import { detectors } from "../../../src/detect/index.ts";
import { methodNamed, methods, resolveOptions } from "../../../src/unlearn/index.ts";
import { largestNumber } from "../../../src/util/described-options.ts";
import { CoppiceError } from "../../../src/util/errors.ts";
import "../../support/one-thread.ts";

const l1 = methodNamed("l1-sparse");
const resolve = (given: Record<string, number | string>): ReturnType<typeof resolveOptions> =>
  resolveOptions("l1-sparse", l1.options, given, {});

describe("options of a method", () => {
  it("take the defaults, and the original's where they say so", () => {
    expect(resolve({})).toMatchObject({ epochs: 10, lr: 0.01, gamma: 1e-4, schedule: "decay", solver: "subgradient" });
    const { options } = methodNamed("retrain");
    expect(resolveOptions("retrain", options, { lr: 0.2 }, { epochs: 7, lr: 0.1 })).toEqual({
      epochs: 7,
      lr: 0.2,
      form: "mask",
      sam: 0,
      samForm: "adaptive",
    });
  });

  it.each([
    [{ gama: 1 }, /expected one of its options/],
    [{ gamma: -1 }, /gamma: expected a number >= 0, got -1/],
    [{ lr: 0 }, /lr: expected a number > 0, got 0/],
    [{ lr: Number.NaN }, /lr: expected a number > 0, got NaN/],
    [{ epochs: 1.5 }, /epochs: expected an integer >= 1 and <= 100000, got 1.5/],
    [{ momentum: 2 }, /momentum: expected a number >= 0 and <= 1, got 2/],
    [{ schedule: "decai" }, /expected one of decay, constant, increase/],
  ])("refuse %j", (given, message) => {
    expect(() => resolve(given as Record<string, number>)).toThrow(message);
  });

  it.each([
    [{ sam: -0.1 }, /retrain sam: expected a number >= 0, got -0.1/],
    [{ sam: "on" }, /retrain sam: expected a number >= 0, got on/],
    [{ sam: 1, samForm: "adaptiv" }, /samForm: expected one of adaptive, plain, got "adaptiv"/],
  ])("refuse %j for retrain", (given, message) => {
    const { options } = methodNamed("retrain");
    expect(() => resolveOptions("retrain", options, given, { epochs: 7, lr: 0.1 })).toThrow(message);
  });

  it("suggest the nearest name", () => {
    expect(() => resolve({ gama: 1 })).toThrow(expect.objectContaining({ hint: "did you mean gamma?" }));
    expect(() => methodNamed("l1-spars")).toThrow(expect.objectContaining({ hint: "did you mean l1-sparse?" }));
  });

  it("refuse a tail longer than the training", () => {
    expect(() =>
      l1.check?.(resolve({ epochs: 3, tailEpochs: 4 }), {
        wholeClasses: true,
        share: 0.1,
        count: 1,
        masked: [],
        layers: 20,
      }),
    ).toThrow(/tailEpochs/);
  });

  it("say where every default comes from", () => {
    for (const { options } of methods) for (const spec of Object.values(options)) expect(spec.source).not.toBe("");
  });
});

describe("the range of every option that is built in", () => {
  const definitions = [...methods, ...detectors, ...attacks];
  const numbers = definitions.flatMap(({ name, options }) =>
    Object.entries(options).flatMap(([option, spec]) =>
      spec.type === "choice" ? [] : [{ name, options, option, spec }],
    ),
  );
  const original = { epochs: 7, lr: 0.1, shards: 5, slices: 4 };
  const extremes = fc.oneof(
    fc.double(),
    fc.constantFrom(1e9, 1e12, 1e30, 1e300, Number.MAX_VALUE, Infinity, -Infinity, NaN, -1, 0, Number.MIN_VALUE),
    fc.maxSafeInteger(),
  );

  it("bounds what a loop or a list is as long as", () => {
    const unbounded = numbers.filter(({ spec }) => spec.type === "integer" && spec.max === undefined);
    expect(unbounded.map(({ name, option }) => `${name} ${option}`)).toEqual([]);
  });

  it("takes numbers that are finite in float32, and refuses all others by name", () => {
    fc.assert(
      fc.property(fc.constantFrom(...numbers), extremes, ({ name, options, option, spec }, value) => {
        try {
          const taken = resolveOptions(name, options, { [option]: value }, original)[option];
          expect(taken).toBe(value);
          expect(Math.abs(value)).toBeLessThanOrEqual(spec.max ?? largestNumber);
          expect(Number.isFinite(Math.fround(value))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(CoppiceError);
          expect((error as CoppiceError).code).toBe("E_ARG");
          expect((error as CoppiceError).message).toMatch(
            new RegExp(`^${name} ${option}: expected an? (integer|number) `),
          );
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("says the bound when it was passed", () => {
    expect(() => resolve({ lr: 1e300 })).toThrow("l1-sparse lr: expected a number > 0 and <= 1e+30, got 1e+300");
    expect(() => resolve({ epochs: 1e12 })).toThrow(
      "l1-sparse epochs: expected an integer >= 1 and <= 100000, got 1000000000000",
    );
  });
});
