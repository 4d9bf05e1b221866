import { describe, expect, it } from "vitest";
import { factor, integer, loss, signed } from "../../../src/format/numbers.ts";

describe("numbers", () => {
  it.each([
    [0, "0.0000"],
    [0.0031, "0.0031"],
    [2.302, "2.30"],
    [23.5, "23.5"],
    [-1.5, "−1.50"],
    [0.000_012, "1.2e−5"],
    [1_234_567, "1.2e+6"],
  ])("a loss of %d is %s", (value, expected) => expect(loss(value)).toBe(expected));

  it("group digits by three", () => {
    expect([integer(0), integer(999), integer(4500), integer(11_173_962)]).toEqual(["0", "999", "4,500", "11,173,962"]);
  });

  it("show their sign, with a minus and not a hyphen", () => {
    expect([signed(0.31), signed(-0.314, 2), signed(0)]).toEqual(["+0.3", "−0.31", "+0.0"]);
  });

  it("say how many times, whole from ten on", () => {
    expect([factor(8.44), factor(12.4)]).toEqual(["8.4", "12"]);
  });
});
