import { describe, expect, it } from "vitest";
import { SceneRandom } from "../../../src/data/scene-random.ts";
import { RandomState } from "../../../src/util/random-state.ts";

const N = 20_000;
const draws = <T>(draw: (random: SceneRandom) => T): T[] => {
  const random = new SceneRandom(new RandomState(7));
  return Array.from({ length: N }, () => draw(random));
};
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

it("repeats itself for an equal stream", () => {
  expect(draws((random) => random.noise())).toEqual(draws((random) => random.noise()));
});

it("draws within bounds, evenly", () => {
  const numbers = draws((random) => random.between(-3, 5));
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(-3);
  expect(Math.max(...numbers)).toBeLessThan(5);
  expect(mean(numbers)).toBeCloseTo(1, 1);
  const counts = new Map<number, number>();
  for (const value of draws((random) => random.below(4))) counts.set(value, (counts.get(value) ?? 0) + 1);
  expect([...counts.keys()].toSorted()).toEqual([0, 1, 2, 3]);
  for (const count of counts.values()) expect(Math.abs(count - N / 4)).toBeLessThan(300);
  expect(mean(draws((random) => Number(random.chance(0.3))))).toBeCloseTo(0.3, 1);
  expect(draws((random) => random.chance(0)).includes(true)).toBe(false);
  expect(draws((random) => random.chance(1)).includes(false)).toBe(false);
});

it("draws noise of mean 0 and deviation 1, at most 510 / 147.8", () => {
  const values = draws((random) => random.noise());
  expect(Math.abs(mean(values))).toBeLessThan(0.03);
  expect(mean(values.map((value) => value * value))).toBeCloseTo(1, 1);
  expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(510 / 147.8);
});

describe("unit vectors", () => {
  it("go in every direction alike", () => {
    const vectors = draws((random) => random.direction());
    for (const [x, y] of vectors) expect(x * x + y * y).toBeCloseTo(1, 12);
    for (const axis of [0, 1] as const)
      expect(Math.abs(mean(vectors.map((vector) => vector[axis])))).toBeLessThan(0.03);
    expect(mean(vectors.map(([x]) => x * x))).toBeCloseTo(0.5, 1);
  });

  it("tilt to either side, within the slope", () => {
    const vectors = draws((random) => random.tilt(0.4));
    for (const [x, y] of vectors) expect(x * x + y * y).toBeCloseTo(1, 12);
    const slopes = vectors.map(([x, y]) => y / x);
    expect(Math.max(...slopes)).toBeLessThanOrEqual(0.4);
    expect(Math.max(...slopes)).toBeGreaterThan(0.39);
    expect(Math.abs(mean(slopes))).toBeLessThan(0.01);
  });
});
