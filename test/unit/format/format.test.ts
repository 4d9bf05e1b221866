import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import {
  duration,
  integer,
  intervalCell,
  listing,
  loss,
  percent,
  percentCell,
  plural,
  points,
  pointsCell,
  rangeCell,
  sentence,
  shellCommand,
  shortHash,
  sparsityName,
  utc,
} from "../../../src/format/format.ts";

const plain = (text: string): string => text.replaceAll("\u202f", " ").replaceAll("\u2212", "-");

describe("format", () => {
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

  it("says one point, and more points", () => {
    expect(points(0.01)).toBe("1.0 point");
    expect(points(-0.1149)).toBe("11.5 points");
  });

  it("writes cells of percent", () => {
    expect(percentCell(0.9483)).toBe("94.83");
    expect(intervalCell([0.199, 1])).toBe("19.9–100.0");
  });

  it.each([
    [0, "dense"],
    [0.95, "95 % pruned"],
    [0.9498, "95 % pruned"],
    [0.995, "99.5 % pruned"],
    [0.2, "20 % pruned"],
  ])("sparsity %d is called %s", (value, expected) => expect(plain(sparsityName(value))).toBe(expected));

  it.each([
    [0, "0 s"],
    [0.4231, "0.42 s"],
    [43.2, "43 s"],
    [59.7, "1 min 0 s"],
    [151, "2 min 31 s"],
    [3900, "1 h 5 min"],
  ])("%d seconds are %s", (value, expected) => expect(duration(value)).toBe(expected));

  it.each([
    [0, "0.0000"],
    [0.0031, "0.0031"],
    [2.302, "2.30"],
    [23.5, "23.5"],
    [-1.5, "-1.50"],
    [0.000_012, "1.2e-5"],
    [1_234_567, "1.2e+6"],
  ])("a loss of %d is %s", (value, expected) => expect(plain(loss(value))).toBe(expected));

  it("groups digits and counts nouns", () => {
    expect([integer(0), integer(999), integer(4500), integer(11_173_962)]).toEqual(["0", "999", "4,500", "11,173,962"]);
    expect([plural(1, "image"), plural(4500, "image")]).toEqual(["1 image", "4,500 images"]);
    expect([listing(["a"]), listing(["a", "b"]), listing(["a", "b", "c"])]).toEqual(["a", "a and b", "a, b and c"]);
  });

  it("shortens moments and hashes", () => {
    expect(utc("2026-08-22T14:03:09.123Z")).toBe("2026-08-22 14:03 UTC");
    expect(shortHash("0123456789abcdef")).toBe("0123456789ab");
  });

  it("quotes commands so that a shell gives the same arguments back", () => {
    const words = ["plain", "with space", "it's", "$HOME", "a;b", "", "new\nline", "*", "--class=3"];
    const command = shellCommand(["printf", "%s\\0", ...words]);
    expect(execFileSync("/bin/sh", ["-c", command], { encoding: "utf8" }).split("\0").slice(0, -1)).toEqual(words);
    expect(shellCommand(["coppice", "forget", "--class", "3"])).toBe("coppice forget --class 3");
  });

  it("intervals that may be below zero", () => {
    expect(plain(rangeCell([-0.2136, 0.6556]))).toBe("-21.4 to 65.6");
  });

  it("makes a clause a sentence", () => {
    expect(sentence("sig: nothing")).toBe("Sig: nothing.");
  });
});
