import { describe, expect, it } from "vitest";
import {
  intervalCell,
  percent,
  percentCell,
  percentTenths,
  points,
  pointsCell,
  rangeCell,
  shortPercent,
  sparsityName,
} from "../../../src/format/shares.ts";

const plain = (text: string): string => text.replaceAll("\u202f", " ").replaceAll("\u2212", "-");

describe("shares", () => {
  it.each([
    [0, "0 %"],
    [1, "100 %"],
    [0.2253, "22.5 %"],
    [0.5, "50 %"],
    [0.9998, "99.98 %"],
    [0.0002, "0.02 %"],
  ])("percent of %d is %s", (value, expected) => expect(plain(percent(value))).toBe(expected));

  it.each([
    [-0.7747, "-77.47"],
    [0.0142, "+1.42"],
    [0, "0.00"],
    [-0.000_01, "0.00"],
  ])("points of %d are %s", (value, expected) => expect(plain(pointsCell(value))).toBe(expected));

  it("say one point, and more points", () => {
    expect(points(0.01)).toBe("1.0 point");
    expect(points(-0.1149)).toBe("11.5 points");
  });

  it("fill cells of percent", () => {
    expect([percentCell(0.9483), percentTenths(0.9483)]).toEqual(["94.83", "94.8"]);
    expect([shortPercent(0.95), shortPercent(0.995), shortPercent(0.98333, 2)]).toEqual(["95", "99.5", "98.33"]);
    expect(intervalCell([0.199, 1])).toBe("19.9–100.0");
    expect(plain(rangeCell([-0.2136, 0.6556]))).toBe("-21.4 to 65.6");
  });

  it.each([
    [0, "dense"],
    [0.95, "95 % pruned"],
    [0.9498, "95 % pruned"],
    [0.995, "99.5 % pruned"],
    [0.2, "20 % pruned"],
  ])("sparsity %d is called %s", (value, expected) => expect(plain(sparsityName(value))).toBe(expected));
});
