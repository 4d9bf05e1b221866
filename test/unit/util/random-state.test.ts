import { describe, expect, it } from "vitest";
import { RandomState } from "../../../src/util/random-state.ts";
import { sha256Hex } from "../../../src/util/hash.ts";
import { readGoldenJson } from "../../support/golden.ts";

interface Streams {
  seed: number;
  mt19937_raw20: number[];
  random_sample20: number[];
  permutation100_first20: number[];
  permutation50000_first20: number[];
  permutation50000_sha256: string;
  choice_1000_no_replace_20: number[];
  choice_array: { out: number[] };
  two_calls: { first: number[]; second: number[] };
  randint_0_10_64: number[];
  standard_normal20: number[];
}

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next);

describe("NumPy's RandomState", () => {
  const streams = readGoldenJson<Streams>("rng/numpy_randomstate.json");
  const seeded = (): RandomState => new RandomState(streams.seed);

  it("gives the same raw outputs", () => {
    const random = seeded();
    expect(draw(20, () => random.uint32())).toEqual(streams.mt19937_raw20);
  });

  it("gives the same permutations", () => {
    expect([...seeded().permutation(100).subarray(0, 20)]).toEqual(streams.permutation100_first20);
    const long = seeded().permutation(50_000);
    expect([...long.subarray(0, 20)]).toEqual(streams.permutation50000_first20);
    expect(sha256Hex(long.join(","))).toBe(streams.permutation50000_sha256);
  });

  it("chooses the same elements without replacement", () => {
    expect(seeded().choice(range(1000), 20)).toEqual(streams.choice_1000_no_replace_20);
    const array = range(500).map((i) => 7 * i + 3);
    expect(seeded().choice(array, streams.choice_array.out.length)).toEqual(streams.choice_array.out);
    const { first, second } = streams.two_calls;
    const random = seeded();
    expect(random.choice(range(100), first.length)).toEqual(first);
    expect(random.choice(range(333).slice(100), second.length)).toEqual(second); // arange(100, 333)
  });

  it("gives the same integers and fractions", () => {
    const integers = seeded();
    expect(draw(64, () => integers.randint(0, 10))).toEqual(streams.randint_0_10_64);
    const fractions = seeded();
    expect(draw(20, () => fractions.randomSample())).toEqual(streams.random_sample20);
  });

  it("gives the same normal deviates to rounding", () => {
    const random = seeded();
    for (const expected of streams.standard_normal20) {
      expect(Math.abs(random.standardNormal() / expected - 1)).toBeLessThan(1e-14);
    }
  });
});

describe("RandomState", () => {
  // raw outputs of init_genrand(5489), the seed and first value of the authors' own C program
  it("follows the published generator", () => {
    const random = new RandomState(5489);
    expect(random.uint32()).toBe(3499211612);
    draw(9998, () => random.uint32());
    expect(random.uint32()).toBe(4123659995);
  });

  it("takes seed 0 and the largest seed", () => {
    // numpy.random.RandomState(seed).randint(0, 2**32, 2, dtype=numpy.uint64)
    const zero = new RandomState(0);
    expect([zero.uint32(), zero.uint32()]).toEqual([2357136044, 2546248239]);
    expect(new RandomState(2 ** 32 - 1).uint32()).toBe(419326371);
  });

  it.each([-1, 2 ** 32, 1.5, NaN])("refuses seed %s", (seed) => {
    expect(() => new RandomState(seed)).toThrow(/seed: expected an integer >= 0 and <= 4294967295/);
  });

  it("draws nothing for ranges of one value", () => {
    const random = new RandomState(7);
    expect([random.interval(0), random.randint(4, 5), ...random.permutation(1), ...random.permutation(0)]).toEqual([
      0, 4, 0,
    ]);
    expect(random.uint32()).toBe(new RandomState(7).uint32());
  });

  it("keeps integers inside their range, up to 32 bits", () => {
    const random = new RandomState(3);
    const small = new Set(draw(500, () => random.randint(-2, 3)));
    expect([...small].toSorted((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    expect(draw(100, () => random.interval(0xffffffff)).some((value) => value > 0x7fffffff)).toBe(true);
    expect(() => random.randint(3, 3)).toThrow(/high: expected an integer >= 4/);
  });

  it("does not choose more than there is", () => {
    expect(() => new RandomState(1).choice([1, 2], 3)).toThrow(/count: expected an integer >= 0 and <= 2, got 3/);
  });
});
