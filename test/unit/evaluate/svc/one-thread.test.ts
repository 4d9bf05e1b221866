import { afterEach, describe, expect, it } from "vitest";
import { onOneThread } from "../../../../src/evaluate/svc/one-thread.ts";
import { getNumThreads, setNumThreads } from "../../../../src/torch/index.ts";
import { CoppiceError } from "../../../../src/util/errors.ts";

const before = getNumThreads();
afterEach(() => setNumThreads(before));

describe("onOneThread", () => {
  it("runs with one thread and restores the count", () => {
    setNumThreads(2);
    expect(onOneThread(() => getNumThreads())).toBe(1);
    expect(getNumThreads()).toBe(2);
  });

  it("restores it after an error too", () => {
    setNumThreads(2);
    const failing = (): never => {
      throw new CoppiceError("E_ARG", "on purpose");
    };
    expect(() => onOneThread(failing)).toThrow("on purpose");
    expect(getNumThreads()).toBe(2);
  });
});
