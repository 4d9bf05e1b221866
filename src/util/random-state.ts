/**
 * NumPy's legacy `RandomState`: the same streams, draw for draw, from the same seed, on every machine.
 *
 * Source     Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998 (MT19937, init_genrand, genrand_res53);
 *            Marsaglia's polar method for normal deviates
 * Reference  numpy.random.RandomState(seed) (frozen stream, NEP 19)
 * Differs    integer ranges up to 2^32 - 1 only; standardNormal may differ from NumPy by rounding of the logarithm
 */
import { expectInteger } from "./assert.ts";

const STATE_LENGTH = 624;
const SHIFT_LENGTH = 397;
const MAX_UINT32 = 0xffffffff;

export class RandomState {
  readonly #state = new Uint32Array(STATE_LENGTH);
  #position = STATE_LENGTH;
  /** The second deviate of the last polar draw, handed out by the next call. */
  #spareNormal: number | undefined;

  /** `seed`: integer in [0, 2^32 - 1], 0 included. */
  constructor(seed: number) {
    expectInteger("seed", seed, { min: 0, max: MAX_UINT32 });
    const state = this.#state;
    let word = seed >>> 0;
    for (let i = 0; i < STATE_LENGTH; i++) {
      state[i] = word;
      word = (Math.imul(1812433253, word ^ (word >>> 30)) + i + 1) >>> 0;
    }
  }

  /** The next raw output, an integer in [0, 2^32 - 1]. */
  uint32(): number {
    if (this.#position === STATE_LENGTH) this.#refill();
    let word = this.#state[this.#position++] ?? 0;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    word ^= word >>> 18;
    return word >>> 0;
  }

  /** Uniform integer in [0, max], by masking and rejection; `max` = 0 draws nothing. */
  interval(max: number): number {
    expectInteger("max", max, { min: 0, max: MAX_UINT32 });
    if (max === 0) return 0;
    const mask = MAX_UINT32 >>> Math.clz32(max);
    let value = (this.uint32() & mask) >>> 0;
    while (value > max) value = (this.uint32() & mask) >>> 0;
    return value;
  }

  /** Uniform integer in [low, high - 1], as `RandomState.randint(low, high)`. */
  randint(low: number, high: number): number {
    expectInteger("low", low);
    expectInteger("high", high, { min: low + 1 });
    return low + this.interval(high - low - 1);
  }

  /** Uniform number in [0, 1) with 53 random bits. */
  randomSample(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** Normal deviate of mean 0 and variance 1. */
  standardNormal(): number {
    const spare = this.#spareNormal;
    if (spare !== undefined) {
      this.#spareNormal = undefined;
      return spare;
    }
    let x: number, y: number, radius2: number;
    do {
      x = 2 * this.randomSample() - 1;
      y = 2 * this.randomSample() - 1;
      radius2 = x * x + y * y;
    } while (radius2 >= 1 || radius2 === 0);
    const scale = Math.sqrt((-2 * Math.log(radius2)) / radius2);
    this.#spareNormal = scale * x;
    return scale * y;
  }

  /** 0 … length - 1 in random order (Fisher-Yates from the end). */
  permutation(length: number): Uint32Array {
    expectInteger("length", length, { min: 0, max: MAX_UINT32 });
    const order = Uint32Array.from({ length }, (_, i) => i);
    for (let i = length - 1; i > 0; i--) {
      const j = this.interval(i);
      const swapped = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = swapped;
    }
    return order;
  }

  /** `count` different elements in draw order, as `RandomState.choice(population, count, replace=False)`. */
  choice<T>(population: readonly T[], count: number): T[] {
    expectInteger("count", count, { min: 0, max: population.length });
    // permutation gives indices below population.length
    return Array.from(this.permutation(population.length).subarray(0, count), (i) => population[i] as T);
  }

  #refill(): void {
    const state = this.#state;
    for (let i = 0; i < STATE_LENGTH; i++) {
      const mixed = ((state[i] ?? 0) & 0x80000000) | ((state[(i + 1) % STATE_LENGTH] ?? 0) & 0x7fffffff);
      const shifted = state[(i + SHIFT_LENGTH) % STATE_LENGTH] ?? 0;
      state[i] = shifted ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    this.#position = 0;
  }
}
