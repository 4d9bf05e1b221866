/** Keeps the images that are decoded at the same time from filling the memory. */
export class PixelBudget {
  readonly #most: number;
  #used = 0;
  #waiting: (() => void)[] = [];

  /** @param most pixels that may be in memory at their own size */
  constructor(most: number) {
    this.#most = most;
  }

  /** Runs `work` when there is room for its pixels; a larger image than the budget runs alone. */
  async with<T>(pixels: number, work: () => Promise<T>): Promise<T> {
    while (this.#used > 0 && this.#used + pixels > this.#most) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#used += pixels;
    try {
      return await work();
    } finally {
      this.#used -= pixels;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const go of waiting) go();
    }
  }
}
