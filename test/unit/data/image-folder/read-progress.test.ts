import { afterEach, expect, it, vi } from "vitest";
import { ReadProgress } from "../../../../src/data/image-folder/read-progress.ts";
import type { LoadProgress } from "../../../../src/data/dataset.ts";

afterEach(() => void vi.useRealTimers());

it("says nothing of a short reading, and once a second how far a long one is", () => {
  vi.useFakeTimers();
  const said: LoadProgress[] = [];
  const progress = new ReadProgress("reading images", 100, { onProgress: (state) => said.push(state) });
  for (let i = 0; i < 9; i++) progress.step();
  expect(said).toEqual([]);
  for (let i = 0; i < 30; i++) {
    vi.advanceTimersByTime(100);
    progress.step();
  }
  expect(said.map(({ done }) => done)).toEqual([19, 29, 39]);
  expect(said[0]).toMatchObject({ what: "reading images", total: 100 });
  expect(said[0]?.secondsLeft).toBeCloseTo((1 / 19) * 81);
});

it("stops when asked, with the reason", () => {
  const stop = new AbortController();
  const progress = new ReadProgress("reading images", 2, { signal: stop.signal });
  progress.step();
  stop.abort(new Error("enough"));
  expect(() => progress.step()).toThrow("enough");
});
