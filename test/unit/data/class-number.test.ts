import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classNumber } from "../../../src/data/class-number.ts";
import { CoppiceError } from "../../../src/util/errors.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const classesOf = (...classNames: string[]): { numClasses: number; classNames: string[] } => ({
  numClasses: classNames.length,
  classNames,
});
const shapes = classesOf("disc", "Ring", "2nd");
const cats = classesOf("Cat", "cat", "dog");
const numbered = classesOf("1", "10", "2", "3");
const refusal = (classes: typeof shapes, wanted: number | string): [string, string, string | undefined] => {
  const { code, message, hint } = thrownBy(() => classNumber("target", classes, wanted));
  return [code, message, hint];
};

describe("a name", () => {
  it.each<[typeof shapes, string, number]>([
    [shapes, "disc", 0],
    [shapes, " ring ", 1],
    [shapes, "2ND", 2],
    [cats, "cat", 1],
    [cats, "Cat", 0],
    [classesOf("ant", "african elephant "), "african elephant ", 1],
    [classesOf("ant", "african elephant "), "african elephant", 1],
    [classesOf("a", " a"), " a", 1],
    [classesOf("café", "tea"), "cafe\u0301", 0],
    [classesOf("café", "cafe\u0301"), "cafe\u0301", 1],
    [classesOf("straße", "b"), "STRASSE", 0],
    [numbered, "1", 0],
    [numbered, "10", 1],
    [classesOf("-1", "b"), "-1", 0],
    [classesOf("1", "0"), "0", 1],
  ])("of %j: %j is class %i", (classes, wanted, number) => {
    expect(classNumber("target", classes, wanted)).toBe(number);
  });

  it.each<[typeof shapes, string, string]>([
    [cats, "CAT", 'got "CAT", like 0 (Cat) and 1 (cat)'],
    [classesOf("a ", " a", "b"), "a", 'got "a", like 0 ("a ") and 1 (" a")'],
    [classesOf("a", "a", "b"), "a", 'got "a", like 0 (a) and 1 (a)'],
    [classesOf("café", "cafe\u0301"), "CAFÉ", "like 0 (café) and 1 (cafe\u0301)"],
    [classesOf("a", "b", "①"), "1", 'got "1", like 2 (①) and 1 (b)'],
    [numbered, "1 ", 'got "1 ", like 0 (1) and 1 (10)'],
  ])("of %j: %j could mean two", (classes, wanted, got) => {
    const [code, message] = refusal(classes, wanted);
    expect([code, message]).toEqual(["E_ARG", expect.stringContaining(got)]);
  });
});

describe("a number", () => {
  it.each<[typeof shapes, number | string, number]>([
    [shapes, 0, 0],
    [shapes, "1", 1],
    [shapes, " 1 ", 1],
    [numbered, 1, 1],
    [numbered, 0, 0],
  ])("of %j: %j is class %i", (classes, wanted, number) => {
    expect(classNumber("target", classes, wanted)).toBe(number);
  });

  it.each<[typeof shapes, string, string]>([
    [numbered, "0", "got 0, which is none: class number 0 is the class 1"],
    [classesOf("1", "3", "7"), "2", "got 2, which is none: class number 2 is the class 7"],
    [classesOf("01", "02"), "1", "got 1, which is none: class number 1 is the class 02"],
  ])("as a text is refused where classes have numbers for names: %j, %j", (classes, wanted, got) => {
    const [code, message, hint] = refusal(classes, wanted);
    expect([code, message]).toEqual(["E_ARG", expect.stringContaining(got)]);
    expect(hint).toContain("a name always wins");
  });

  const known = "target: expected 0 to 2 or one of disc, Ring, 2nd, got";
  it.each([
    [3, `${known} 3`, undefined],
    [1.5, `${known} 1.5`, undefined],
    [NaN, `${known} NaN`, undefined],
    ["01", `${known} "01"`, undefined],
    ["12", `${known} "12"`, undefined],
    ["", `${known} ""`, undefined],
    ["rng", `${known} "rng"`, "did you mean Ring?"],
    ["-1", `${known} "-1"`, "classes are numbered from 0"],
    [-1, `${known} -1`, "classes are numbered from 0"],
  ])("refuses %o", (wanted, message, hint) => {
    expect(refusal(shapes, wanted)).toEqual(["E_ARG", message, hint]);
  });

  it("of many classes names twenty", () => {
    const many = classesOf(...Array.from({ length: 1000 }, (_, i) => `class ${i}`));
    expect(refusal(many, 1000)[1]).toMatch(/class 19 and 980 more, got 1000$/);
  });
});

it("whatever the names: an exact name that is there once is that class, a number is itself, and nothing else is anything but its like", () => {
  const name = fc.oneof(fc.constantFrom("1", "2", "10", "cat", "Cat", "cat ", "é", "e\u0301", "-1", "٣"), fc.string());
  const plain = (text: string): string => text.normalize("NFKC").trim().toLowerCase();
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 8 }), name, fc.nat(9), (names, wanted, number) => {
      const classes = classesOf(...names);
      if (number < names.length) expect(classNumber("c", classes, number)).toBe(number);
      const places = names.flatMap((each, i) => (each === wanted ? [i] : []));
      let got: number | undefined;
      try {
        got = classNumber("c", classes, wanted);
      } catch (error) {
        expect(error).toBeInstanceOf(CoppiceError);
      }
      if (places.length === 1) expect(got).toBe(places[0]);
      if (places.length > 1) expect(got).toBeUndefined();
      if (got === undefined || places.length === 1) return;
      const isLike = plain(names[got] ?? "").toUpperCase() === plain(wanted).toUpperCase();
      expect(isLike || (String(got) === wanted.trim() && !names.some((each) => each === wanted))).toBe(true);
    }),
  );
});
