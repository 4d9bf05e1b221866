/** Says how far a long reading is, and stops it when asked. */
import type { LoadOptions } from "../dataset.ts";

/** Before and between reports: short readings need none. */
const REPORT_MILLISECONDS = 1000;

export class ReadProgress {
  readonly #what: string;
  readonly #total: number;
  readonly #options: Pick<LoadOptions, "onProgress" | "signal">;
  readonly #started = performance.now();
  #reportedAt = this.#started;
  #done = 0;

  /** @param total steps, of about the same length */
  constructor(what: string, total: number, options: Pick<LoadOptions, "onProgress" | "signal">) {
    this.#what = what;
    this.#total = total;
    this.#options = options;
  }

  /** After each step. @throws the signal's reason when asked to stop */
  step(): void {
    this.#options.signal?.throwIfAborted();
    this.#done++;
    const now = performance.now();
    if (now - this.#reportedAt < REPORT_MILLISECONDS) return;
    this.#reportedAt = now;
    const secondsEach = (now - this.#started) / 1000 / this.#done;
    const secondsLeft = secondsEach * (this.#total - this.#done);
    this.#options.onProgress?.({ what: this.#what, done: this.#done, total: this.#total, secondsLeft });
  }
}
