import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultSpace, drawTrial, parseSearch } from "../../../src/tune/search-space.ts";
import { methodNamed } from "../../../src/unlearn/index.ts";

const method = methodNamed("l1-sparse");

describe("parseSearch", () => {
  it("reads ranges, linear unless log is said, and choices; flags as options", () => {
    expect(parseSearch("lr=1e-3:1e-1:log, tail-epochs=0:3,schedule=decay|constant,epochs=2|5", method)).toEqual([
      { option: "lr", scale: "log", low: 1e-3, high: 0.1 },
      { option: "tailEpochs", scale: "linear", low: 0, high: 3 },
      { option: "schedule", scale: "choice", choices: ["decay", "constant"] },
      { option: "epochs", scale: "choice", choices: [2, 5] },
    ]);
  });

  it.each([
    ["lrr=1:2", /expected an option of l1-sparse .*got lrr/],
    ["lr=1:0.1", /search lr: expected the lower end before the higher one, got 1:0.1/],
    ["lr=1:1", /the lower end before the higher one/],
    ["lr=a:b", /the lower end before the higher one/],
    ["gamma=0:1:log", /expected a range above 0 for log/],
    ["lr=-1:1", /search lr: expected a number > 0, got -1/],
    ["momentum=0:2", /search momentum: expected a number >= 0 and <= 1, got 2/],
    ["epochs=1.5:3", /search epochs: expected an integer >= 1 and <= \d+, got 1.5/],
    ["lr=1:2:cube", /expected LOW:HIGH, LOW:HIGH:linear or LOW:HIGH:log/],
    ["schedule=decay|foo", /search schedule: expected one of decay/],
    ["schedule=1:2", /expected choices among decay\|constant\|increase/],
    ["lr", /expected OPTION=LOW:HIGH/],
    ["lr=1:2,lr=2:3", /expected every option once, got lr twice/],
  ])("refuses %s", (text, message) => {
    expect(() => parseSearch(text, method)).toThrow(message);
  });
});

describe("defaultSpace", () => {
  it("goes thirtyfold either way from positive numbers without an upper bound", () => {
    const values = { epochs: 10, lr: 0.01, momentum: 0.9, weightDecay: 5e-4, gamma: 1e-4, tailEpochs: 0 };
    const lr = { option: "lr", scale: "log", low: 0.000333, high: 0.3 };
    expect(defaultSpace(method, values, {})).toEqual([lr, { option: "gamma", scale: "log", low: 3.33e-6, high: 3e-3 }]);
    expect(defaultSpace(method, values, { gamma: 0 })).toEqual([lr]);
    expect(() => defaultSpace(method, values, { gamma: 0, lr: 1 })).toThrow(/expected something to search/);
  });
});

describe("drawTrial", () => {
  const space = parseSearch("lr=1e-3:1e-1:log,epochs=1:3,momentum=0:1,schedule=decay|constant", method);

  it("gives the same trial for the same seed and number, another one for others", () => {
    expect(drawTrial(space, method, 1, 4)).toEqual(drawTrial(space, method, 1, 4));
    expect(drawTrial(space, method, 1, 4)).not.toEqual(drawTrial(space, method, 2, 4));
    expect(drawTrial(space, method, 1, 4)).not.toEqual(drawTrial(space, method, 1, 5));
  });

  it("stays in range, in three digits", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(1000), (seed, index) => {
        const { lr, epochs, momentum, schedule } = drawTrial(space, method, seed, index);
        const number = Number(lr);
        expect(number).toBeGreaterThanOrEqual(1e-3);
        expect(number).toBeLessThanOrEqual(0.1);
        expect(number).toBe(Number(number.toPrecision(3)));
        expect([1, 2, 3]).toContain(epochs);
        expect(Number(momentum)).toBeGreaterThanOrEqual(0);
        expect(Number(momentum)).toBeLessThanOrEqual(1);
        expect(["decay", "constant"]).toContain(schedule);
      }),
      { numRuns: 50 },
    );
  });

  it("is uniform on its scale", () => {
    const drawn = Array.from({ length: 600 }, (_, i) => drawTrial(space, method, 1, i));
    const below = drawn.filter(({ lr }) => Number(lr) < 0.01).length;
    expect(Math.abs(below - 300)).toBeLessThan(60); // five standard deviations
    for (const whole of [1, 2, 3])
      expect(Math.abs(drawn.filter(({ epochs }) => epochs === whole).length - 200)).toBeLessThan(60);
  });
});
