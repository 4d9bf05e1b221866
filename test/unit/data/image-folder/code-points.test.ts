import fc from "fast-check";
import { expect, it } from "vitest";
import { byCodePoints } from "../../../../src/data/image-folder/code-points.ts";

const name = fc.string({ unit: fc.constantFrom("a", "B", "/", "é", "\ue000", "\uffff", "😀", "𝔸"), maxLength: 4 });

it("orders names as their UTF-8 bytes, which is the order of code points", () => {
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(Math.sign(byCodePoints(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

it("puts characters of two units last", () => {
  expect(["😀", "\uffee", "b", "B", ""].toSorted(byCodePoints)).toEqual(["", "B", "b", "\uffee", "😀"]);
});
