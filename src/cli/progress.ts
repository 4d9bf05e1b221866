/** Progress on standard error: one line that redraws itself on a terminal, plain lines now and then elsewhere. Nothing in it moves the cursor or colours text. */
import { createLogUpdate } from "log-update";
import { duration } from "../format/index.ts";
import type { LoadProgress } from "../data/index.ts";
import type { Progress } from "../train/index.ts";
import { printable } from "../util/shown.ts";

const terminalMilliseconds = 100;
const plainMilliseconds = 15_000;

export class ProgressLine {
  readonly #quiet: boolean;
  readonly #terminal = process.stderr.isTTY === true;
  readonly #draw = createLogUpdate(process.stderr);
  #shownAt = 0;
  #stage = "";

  constructor(quiet: boolean) {
    this.#quiet = quiet;
  }

  /** Names what the next updates are about. */
  set stage(name: string) {
    this.#stage = name;
  }

  message(text: string): void {
    if (this.#quiet) return;
    if (this.#terminal) this.#draw.clear();
    console.error(printable(text));
  }

  update(state: Progress): void {
    const last = state.epoch === state.epochs && state.step === state.steps;
    this.show(`${this.#stage === "" ? "" : `${this.#stage}: `}${progressText(state)}`, last);
  }

  /** How far the reading of data is. */
  reading({ what, done, total, secondsLeft }: LoadProgress): void {
    this.show(`${what}: ${done} of ${total}, ${duration(Math.max(0, Math.round(secondsLeft)))} left`);
  }

  /** A state that replaces the one shown before; not on a terminal, only now and then, and the `last` always. */
  show(text: string, last = false): void {
    const now = performance.now();
    const due = now - this.#shownAt >= (this.#terminal ? terminalMilliseconds : plainMilliseconds);
    if (this.#quiet || !(due || (last && !this.#terminal))) return;
    this.#shownAt = now;
    if (this.#terminal) this.#draw(printable(text));
    else console.error(printable(text));
  }

  end(): void {
    if (this.#terminal) this.#draw.clear();
  }
}

/** `epoch 2/10, step 30/400, loss 0.5123, accuracy 0.8210, 900 images/s, 2 min 5 s left`. */
export function progressText(progress: Progress): string {
  const { what, epoch, epochs, step, steps, loss, accuracy, imagesPerSecond, secondsLeft } = progress;
  const rest = `${Math.round(imagesPerSecond)} images/s, ${duration(Math.max(0, Math.round(secondsLeft)))} left`;
  if (what !== undefined) return `${what}, batch ${step}/${steps}, ${rest}`;
  const done = `epoch ${epoch}/${epochs}, step ${step}/${steps}`;
  const fit = `loss ${loss.toFixed(4)}, accuracy ${accuracy.toFixed(4)}`;
  return `${done}, ${fit}, ${rest}`;
}
