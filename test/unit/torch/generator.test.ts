import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { rand, randint, randn, randperm, zeros } from "../../../src/torch/create.ts";
import { Generator } from "../../../src/torch/generator.ts";
import type { DType } from "../../../src/torch/dtype.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const draw = (generator: Generator): number[] => randn([5], { generator }).toArray();

describe("Generator", () => {
  it("gives the same numbers for the same seed, others for another", () => {
    expect(draw(Generator.seeded(3))).toEqual(draw(Generator.seeded(3n)));
    expect(draw(Generator.seeded(3))).not.toEqual(draw(Generator.seeded(4)));
    expect(draw(Generator.seeded(2n ** 64n - 1n))).toEqual(draw(Generator.seeded(2n ** 64n - 1n)));
  });

  it("is independent of the others", () => {
    const alone = Generator.seeded(1);
    const expected = [draw(alone), draw(alone)];
    const [one, other] = [Generator.seeded(1), Generator.seeded(2)];
    const first = draw(one);
    draw(other);
    zeros([3]).uniform_(0, 1, other);
    expect([first, draw(one)]).toEqual(expected);
  });

  it("goes on from a saved state, in another generator too", () => {
    const generator = Generator.seeded(7);
    draw(generator); // an odd count leaves half of a normal pair in the state
    const state = generator.getState();
    const expected = [draw(generator), draw(generator)];
    const other = Generator.seeded(99);
    other.setState(state);
    expect([draw(other), draw(other)]).toEqual(expected);
    other.setState(Uint8Array.from(state));
    expect(draw(other)).toEqual(expected[0]);
  });

  it("gives a state that later draws do not change", () => {
    const generator = Generator.seeded(7);
    const state = generator.getState();
    const before = [...state];
    draw(generator);
    expect([...state]).toEqual(before);
  });

  it.each([-1, 0.5, NaN, 2 ** 53, -1n, 2n ** 64n, "1", null, undefined, {}, Symbol("seed")])(
    "refuses %s as a seed",
    (seed) => {
      expect(thrownBy(() => Generator.seeded(seed as number)).message).toMatch(/^seed: expected an integer from 0/);
    },
  );

  it("refuses unknown devices and states that are none", () => {
    expect(thrownBy(() => Generator.seeded(1, "nowhere")).code).toBe("E_NATIVE");
    const generator = Generator.seeded(1);
    const expected = draw(Generator.seeded(1));
    for (const state of [new Uint8Array(0), new Uint8Array(5), new Uint8Array(generator.getState().length).fill(255)]) {
      expect(thrownBy(() => generator.setState(state)).message).toMatch(/^Generator.setState\("\d+ bytes"\): /);
    }
    for (const state of [null, undefined, "state", [1, 2], Float32Array.of(1)]) {
      expect(thrownBy(() => generator.setState(state as unknown as Uint8Array)).code).toBe("E_ARG");
    }
    expect(draw(generator)).toEqual(expected);
  });

  it("cannot be used after dispose, which may be called twice", () => {
    const generator = Generator.seeded(1);
    const state = generator.getState();
    generator.dispose();
    generator[Symbol.dispose]();
    const disposed = /this generator was disposed/;
    expect(thrownBy(() => draw(generator)).message).toMatch(disposed);
    expect(thrownBy(() => generator.getState()).message).toMatch(disposed);
    expect(thrownBy(() => generator.setState(state)).message).toMatch(disposed);
  });

  it("is no tensor, and a tensor no generator", () => {
    const [generator, x] = [Generator.seeded(1), zeros([2])];
    expect(thrownBy(() => x.add(generator as unknown as typeof x)).message).toContain("argument other: this tensor");
    expect(thrownBy(() => x.normal_(0, 1, x as unknown as Generator)).message).toContain("generator: this generator");
  });
});

interface Streams {
  readonly seed: number;
  readonly randperm_1000_sha256: string;
  readonly [stream: string]: unknown;
}

describe("PyTorch's CPU generator", () => {
  const streams = readGoldenJson<Streams>("rng/torch_cpu.json");
  const seeded = (): Generator => Generator.seeded(streams.seed);

  it.each<[string, DType, number]>([
    ["rand", "float32", 20],
    ["rand", "float64", 20],
    ["randn", "float32", 15], // fewer than 16 are drawn one by one, more by another algorithm
    ["randn", "float32", 32],
    ["randn", "float64", 20],
  ])("%s %s %i", (name, dtype, count) => {
    const make = name === "rand" ? rand : randn;
    const expected = streams[`${name}_${dtype}_${count}`];
    expect(make([count], { generator: seeded(), dtype }).toArray()).toEqual(expected);
  });

  it("randint and randperm", () => {
    const integers = (high: number): number[] => randint(0, high, [20], { generator: seeded() }).toArray();
    expect(integers(9)).toEqual(streams["randint_0_9_20"]);
    expect(integers(10)).toEqual(streams["randint_0_10_20"]);
    expect(integers(2 ** 31)).toEqual(streams["random_0_2e31_20"]);
    expect(randperm(10, { generator: seeded() }).toArray()).toEqual(streams["randperm_10"]);
    const order = randperm(1000, { generator: seeded() }).toArray();
    expect(order.slice(0, 20)).toEqual(streams["randperm_1000_first20"]);
    expect(createHash("sha256").update(order.join(",")).digest("hex")).toBe(streams.randperm_1000_sha256);
  });

  it("in-place draws are the same streams", () => {
    expect(zeros([20]).uniform_(0, 1, seeded()).toArray()).toEqual(streams["rand_float32_20"]);
    expect(zeros([15]).normal_(0, 1, seeded()).toArray()).toEqual(streams["randn_float32_15"]);
  });
});
