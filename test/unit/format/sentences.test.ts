import { describe, expect, it } from "vitest";
import { listing, plural, sentence } from "../../../src/format/sentences.ts";

describe("sentences", () => {
  it("count nouns", () => {
    expect([plural(1, "image"), plural(4500, "image"), plural(2, "class", "classes")]).toEqual([
      "1 image",
      "4,500 images",
      "2 classes",
    ]);
  });

  it("list what they list with an and before the last", () => {
    expect([listing(["a"]), listing(["a", "b"]), listing(["a", "b", "c"])]).toEqual(["a", "a and b", "a, b and c"]);
  });

  it("begin with a capital and end with a full stop", () => {
    expect(sentence("sig: nothing")).toBe("Sig: nothing.");
  });
});
