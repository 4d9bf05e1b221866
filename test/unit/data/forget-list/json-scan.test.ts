import fc from "fast-check";
import { expect, it } from "vitest";
import { scanJson } from "../../../../src/data/forget-list/json-scan.ts";

it("gives the lines of values, strings with brackets and escapes included", () => {
  expect(scanJson('{\n  "ids": [\n    1, "no[,\\"]{}:",\n    null,\n\n    {"a":\n true}\n]}').lines).toEqual([
    3, 3, 4, 7,
  ]);
  expect(scanJson("[1]", 5).lines).toEqual([5]);
});

it("finds a key that one object has twice, and no other", () => {
  expect(scanJson('[{"a": 1},\n {"a": 1, "b": {"a": 2}}]').repeated).toBeUndefined();
  expect(scanJson('[{"a": 1},\n {"a": 1,\n "\\u0061": 2}]').repeated).toEqual({ key: "a", line: 3 });
});

it("finds as many values as there are in any JSON", () => {
  const count = (value: unknown): number =>
    typeof value === "object" && value !== null
      ? Object.values(value).reduce((sum: number, each) => sum + count(each), 0)
      : 1;
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const { lines, repeated } = scanJson(JSON.stringify(value, null, indent));
      expect([lines.length, repeated]).toEqual([count(value), undefined]);
    }),
  );
});
