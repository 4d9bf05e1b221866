import { expect, it } from "vitest";
import { clopperPearson } from "../../../src/statistics/clopper-pearson.ts";
import { defenceEffectiveness, type Defended } from "../../../src/evaluate/defence-effectiveness.ts";
import { proportion } from "../../../src/evaluate/proportion.ts";

const model = (attacked: number, right: number): Defended => ({
  ASR: proportion(attacked, 100, "lower"),
  SA: proportion(right, 100, "higher"),
});
const rate = (before: Defended, after: Defended): number => defenceEffectiveness.measure({ before, after }).value;

it("is the fall of ASR less the fall of the accuracy, between 0 and 1", () => {
  expect(rate(model(90, 80), model(10, 75))).toBeCloseTo((0.8 - 0.05 + 1) / 2, 12);
  expect(rate(model(100, 80), model(0, 80))).toBe(1);
});

it("is a half where nothing changed, and does not reward gains", () => {
  expect(rate(model(90, 80), model(90, 80))).toBe(0.5);
  expect(rate(model(50, 50), model(90, 99))).toBe(0.5);
  expect(rate(model(0, 100), model(100, 0))).toBe(0);
});

it("has the interval that four shares of a confidence of 98.75 % allow", () => {
  const { interval } = defenceEffectiveness.measure({ before: model(90, 80), after: model(10, 75) });
  const [ninety, ten, eighty, seventyFive] = [90, 10, 80, 75].map((hits) => clopperPearson(hits, 100, 0.9875)) as [
    [number, number],
    [number, number],
    [number, number],
    [number, number],
  ];
  expect(interval[0]).toBeCloseTo((ninety[0] - ten[1] - (eighty[1] - seventyFive[0]) + 1) / 2, 12);
  expect(interval[1]).toBeCloseTo((ninety[1] - ten[0] + 1) / 2, 12);
});
