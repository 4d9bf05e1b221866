import { describe, expect, it } from "vitest";
import { measurementsOf } from "../../../../src/report/backdoor/backdoor-trace.ts";
import { madeUpCell } from "./made-up-backdoor.ts";

describe("attack success over a cleanse", () => {
  it("is over steps where all take as many, at about ten places that hold the last", () => {
    const cell = madeUpCell("FT", 10);
    const { unit, heads, valuesOf } = measurementsOf([cell]);
    expect(unit).toBe("steps");
    expect(heads).toEqual(["0", "10", "20"]);
    expect(valuesOf(cell, "ASR")).toEqual([0.9, 0.6, 0.5]);
    expect(valuesOf(cell, "ASRReference")).toEqual([0.92, 0.62, 0.52]);
  });

  it("is over epochs where steps differ, and over shares where epochs do", () => {
    const [slow, fast] = [madeUpCell("known 0.5", 10), madeUpCell("known 1", 7)];
    expect(measurementsOf([slow, fast]).unit).toBe("epochs");
    for (const { trace } of fast.repetitions) trace.pop();
    const { unit, heads, valuesOf } = measurementsOf([slow, fast]);
    expect(unit).toBe("percent");
    expect(heads.slice(-2)).toEqual(["90", "100"]);
    expect([valuesOf(slow, "ASR").at(-1), valuesOf(fast, "ASR").at(-1)]).toEqual([0.5, 0.6]);
  });

  it("has nothing of cells without epochs", () => {
    const cell = madeUpCell("CLP", 0);
    for (const { trace } of cell.repetitions) trace.splice(1);
    expect(measurementsOf([cell]).cells).toEqual([]);
  });
});
