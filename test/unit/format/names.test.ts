import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { optionList, shellCommand, shortHash } from "../../../src/format/names.ts";

describe("names", () => {
  it("shorten hashes", () => {
    expect(shortHash("0123456789abcdef")).toBe("0123456789ab");
  });

  it("quote commands so that a shell gives the same arguments back", () => {
    const words = ["plain", "with space", "it's", "$HOME", "a;b", "", "new\nline", "*", "--class=3"];
    const command = shellCommand(["printf", "%s\\0", ...words]);
    expect(execFileSync("/bin/sh", ["-c", command], { encoding: "utf8" }).split("\0").slice(0, -1)).toEqual(words);
    expect(shellCommand(["coppice", "forget", "--class", "3"])).toBe("coppice forget --class 3");
  });

  it("list options", () => {
    expect(optionList({ lr: 0.01, schedule: "decay" })).toBe("lr 0.01, schedule decay");
    expect(optionList({})).toBe("");
  });
});
