import fc from "fast-check";
import { expect, it } from "vitest";
import { jsonText } from "../../../src/util/json-text.ts";

it("is the text of JSON.stringify for whatever JSON can hold", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
      expect(jsonText(value, indent)).toBe(JSON.stringify(value, null, indent));
    }),
  );
});

it("takes an object that cannot be made a text of", () => {
  expect(jsonText([{ toString: "" }])).toBe('[{"toString":""}]');
});

it.each([NaN, Infinity, -Infinity])("refuses %s, wherever it stands, and names the place", (number) => {
  expect(() => jsonText({ result: [{ trainLoss: number }] })).toThrow(`trainLoss is ${number}`);
  expect(() => jsonText([1, number])).toThrow(`1 is ${number}`);
  expect(() => jsonText(number)).toThrow(TypeError);
});
