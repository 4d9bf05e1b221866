/** Garbage collection on demand. */
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Collects, and lets finalizers run, until `done()`: by default three times, at most 30, so that the caller's assertion can fail. */
export async function collectGarbage(done?: () => boolean): Promise<void> {
  for (let round = 0; round < (done === undefined ? 3 : 30); round++) {
    if (done?.()) return;
    await setTimeout(5); // first: what `done` looked at through a WeakRef stays until the job is over
    collect();
    await setTimeout(5);
  }
}
