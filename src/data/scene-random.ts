/**
 * The draws a scene is made of, on top of one integer stream.
 * Only integers and IEEE + - * / sqrt, which every engine rounds alike; never Math.sin, cos, exp, log or pow: same bytes everywhere.
 */
import type { RandomState } from "../util/random-state.ts";

export class SceneRandom {
  readonly #source: RandomState;

  constructor(source: RandomState) {
    this.#source = source;
  }

  /** Uniform in [from, to). */
  between(from: number, to: number): number {
    return from + this.#source.randomSample() * (to - from);
  }

  /** Uniform integer in [0, count). */
  below(count: number): number {
    return this.#source.interval(count - 1);
  }

  /** True with the given probability, 0 … 1. */
  chance(probability: number): boolean {
    return this.#source.randomSample() < probability;
  }

  /** Nearly normal, mean 0 and standard deviation 1: the sum of the four bytes of one draw. */
  noise(): number {
    const draw = this.#source.uint32();
    const sum = (draw & 255) + ((draw >>> 8) & 255) + ((draw >>> 16) & 255) + (draw >>> 24);
    return (sum - 510) / 147.8; // a byte has mean 127.5 and variance (256² - 1) / 12
  }

  /** A unit vector of uniform direction. */
  direction(): readonly [number, number] {
    for (;;) {
      const x = this.between(-1, 1);
      const y = this.between(-1, 1);
      const squared = x * x + y * y;
      if (squared > 0.01 && squared <= 1) return [x / Math.sqrt(squared), y / Math.sqrt(squared)];
    }
  }

  /** A unit vector at most `slope` (opposite over adjacent) away from [1, 0]. */
  tilt(slope: number): readonly [number, number] {
    const rise = this.between(-slope, slope);
    const length = Math.sqrt(1 + rise * rise);
    return [1 / length, rise / length];
  }
}
