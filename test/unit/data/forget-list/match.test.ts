import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { composed, matches } from "../../../../src/data/forget-list/match.ts";
import { type MatchName, matchNames } from "../../../../src/record/forget-request.ts";

/** Whether a listed id finds a record's. */
function finds(names: readonly MatchName[], listed: string, id: string): boolean {
  const { key, keysOfListed } = composed(names);
  return (keysOfListed?.(listed) ?? []).includes(key(id));
}

describe("a transformation", () => {
  const id = "train/cat/img_007.jpg";
  it.each<[MatchName, string, boolean]>([
    ["trimmed", ` ${id}\t`, true],
    ["trimmed", `"${id}"`, false],
    ["case", "TRAIN/Cat/IMG_007.JPG", true],
    ["zeros", "train/cat/img_7.jpg", true],
    ["zeros", "train/cat/img_70.jpg", false],
    ["path", "/data/train/cat/img_007.jpg", true],
    ["path", "C:\\x\\train\\cat\\img_007.jpg", true],
    ["path", ".\\train\\.\\cat\\\\img_007.jpg", true],
    ["path", "other/cat/img_007.jpg", false],
    ["path", "img_007.jpg", false],
    ["part", "cat/img_007.jpg", true],
    ["part", "img_007.jpg", false],
    ["part", "test/cat/img_007.jpg", false],
    ["filename", "test/cat/img_007.jpg", false],
    ["path", "/data/test/train/cat/img_007.jpg", true],
    ["filename", "img_007.jpg", true],
    ["filename", "x\\y/img_007.jpg", true],
    ["filename", "img_007.png", false],
    ["extension", "train/cat/img_007", true],
    ["extension", "train/cat/img_007.jpeg", true],
    ["extension", "train/cat/img_007.5", false],
  ])("%s of %j finds it: %s", (name, listed, found) => {
    expect(finds([name], listed, id)).toBe(found);
  });

  it("makes decimals numbers, and composes to one form", () => {
    expect(finds(["number"], "12.0", "12")).toBe(true);
    expect(finds(["number"], "12.5", "12")).toBe(false);
    expect(finds(["unicode"], "cafe\u0301", "caf\u00e9")).toBe(true);
  });

  it("never takes an image of one part for one of the other", () => {
    const paths = fc.array(fc.constantFrom("train", "test", "val", "a", "1", ".", ""), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(paths, paths, fc.subarray([...matchNames], { minLength: 1 }), (listed, own, names) => {
        fc.pre(!listed.includes("train"));
        const text = ["test", ...listed, "x"].join("/");
        expect(finds(names, text, ["train", ...own.filter((each) => each !== "test"), "x"].join("/"))).toBe(false);
        expect(finds(names, `C:\\data\\${text.replaceAll("/", "\\")}`, "x")).toBe(false);
      }),
    );
  });

  it("finds every id by itself, alone and with others, and is done once", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.subarray([...matchNames], { minLength: 1 }), (text, names) => {
        const withoutPart = !names.some((name) => name === "part" || name === "filename");
        expect(finds(names, text, text)).toBe(withoutPart || !/(^|[\\/])(train|test|val)[\\/]/.test(text));
        for (const name of names) expect(matches[name].key(matches[name].key(text))).toBe(matches[name].key(text));
      }),
    );
  });
});
