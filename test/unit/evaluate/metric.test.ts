import { describe, expect, it } from "vitest";
import { defineMetric } from "../../../src/evaluate/metric.ts";

describe("defineMetric", () => {
  it("gives the measure its definition as `this`", () => {
    const double = defineMetric({
      name: "double",
      title: "Double",
      direction: "lower",
      unit: "norm",
      description: "twice the input",
      source: "this test",
      measure(value: number) {
        return `${this.name} ${2 * value}`;
      },
    });
    expect(double.measure(4)).toBe("double 8");
  });
});
