import { afterEach, describe, expect, it } from "vitest";
import { peakMemoryMiB, resetPeakMemory } from "../../../src/stages/peak-memory.ts";

const { platform } = process;
const setPlatform = (value: string): unknown => Object.defineProperty(process, "platform", { value });
afterEach(() => void setPlatform(platform));

const residentMiB = (): number => process.memoryUsage.rss() / 2 ** 20;

/** Fills memory until that many MiB more than the peak are resident. */
function fillBeyondPeak(more: number): Buffer {
  const bytes = Math.ceil((peakMemoryMiB() - residentMiB() + more) * 2 ** 20);
  return Buffer.alloc(bytes, 1);
}

describe("the peak of memory", () => {
  it("is no less than what is resident, and counts what is filled", () => {
    expect(peakMemoryMiB()).toBeGreaterThanOrEqual(residentMiB() - 1);
    const before = peakMemoryMiB();
    const filled = fillBeyondPeak(64);
    expect(peakMemoryMiB() - before).toBeGreaterThan(40);
    expect(filled.at(-1)).toBe(1);
  });

  it("starts again at what is resident, or stays where the system does not let it", () => {
    const before = peakMemoryMiB();
    resetPeakMemory();
    expect(peakMemoryMiB()).toBeLessThanOrEqual(before + 16);
    expect(peakMemoryMiB()).toBeGreaterThanOrEqual(residentMiB() - 16);
  });

  it("is that of the whole process where the system tells no other", () => {
    setPlatform("darwin");
    expect(() => resetPeakMemory()).not.toThrow();
    const wholeMiB = (): number => process.resourceUsage().maxRSS / 1024;
    const before = wholeMiB();
    const peak = peakMemoryMiB();
    expect(peak).toBeGreaterThanOrEqual(before);
    expect(peak).toBeLessThanOrEqual(wholeMiB()); // it may grow between two looks
  });
});
