/** Stages that are interrupted, as by Ctrl-C. */
import { quietContext, type StageContext } from "../../src/stages/index.ts";

/** A context that asks to stop when `steps` training steps are done. */
export function stopAfter(steps: number, overrides: Partial<StageContext> = {}): StageContext {
  const controller = new AbortController();
  let done = 0;
  return quietContext({
    ...overrides,
    signal: controller.signal,
    onProgress: ({ what }) => {
      if (what === undefined && ++done === steps) controller.abort();
    },
  });
}
