import fc from "fast-check";
import { expect, it } from "vitest";
import { rungsOf, shortened } from "../../../src/tune/halving.ts";

it("lets a third of the trials go on for three times as many epochs", () => {
  expect(rungsOf(16, 10)).toEqual([
    { trials: 16, epochs: 1 },
    { trials: 5, epochs: 3 },
    { trials: 1, epochs: 10 },
  ]);
  expect(rungsOf(27, 5)).toEqual([
    { trials: 27, epochs: 2 },
    { trials: 9, epochs: 5 },
  ]);
  expect(rungsOf(2, 100)).toEqual([{ trials: 2, epochs: 100 }]);
  expect(rungsOf(16, 1)).toEqual([{ trials: 16, epochs: 1 }]);
  expect(rungsOf(16, null)).toEqual([{ trials: 16, epochs: null }]);
});

it("ends in full, never with fewer epochs or more trials than before", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), (trials, epochs) => {
      const rungs = rungsOf(trials, epochs);
      expect([rungs[0]?.trials, rungs.at(-1)?.epochs]).toEqual([trials, epochs]);
      rungs.slice(1).forEach((rung, i) => {
        expect(rung.epochs).toBeGreaterThan(rungs[i]?.epochs ?? NaN);
        expect(rung.trials).toBeLessThan(rungs[i]?.trials ?? NaN);
      });
    }),
  );
});

it("shortens what is counted in epochs in proportion, rounded up", () => {
  const options = { epochs: 10, tailEpochs: 2, maxEpochs: 10, lr: 0.1, schedule: "decay" };
  expect(shortened(options, 3)).toEqual({ epochs: 3, tailEpochs: 1, maxEpochs: 3, lr: 0.1, schedule: "decay" });
  expect(shortened(options, 10)).toEqual(options);
  expect(shortened({ alpha: 1 }, 3)).toEqual({ alpha: 1 });
});
