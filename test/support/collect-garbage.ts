/** Garbage collection on demand. */
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Collects, and lets finalizers run, until `done()`; gives up after 50 rounds, so that the caller's assertion can fail. */
export async function collectGarbage(done: () => boolean): Promise<void> {
  for (let round = 0; round < 50 && !done(); round++) {
    collect();
    await setTimeout(5);
  }
}
