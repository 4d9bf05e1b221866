import { describe, expect, expectTypeOf, it } from "vitest";
import { defined } from "../../../src/util/defined.ts";

describe("defined", () => {
  it("leaves out what is undefined, and nothing else", () => {
    expect(Object.entries(defined({ b: 1, a: undefined, d: null, c: 0, e: "" }))).toEqual([
      ["b", 1],
      ["d", null],
      ["c", 0],
      ["e", ""],
    ]);
    expect(defined({})).toEqual({});
  });

  it("copies: the object itself stays as it was", () => {
    const given = { a: 1, b: undefined };
    defined(given);
    expect(Object.keys(given)).toEqual(["a", "b"]);
  });

  it("makes optional what may be undefined, and that alone", () => {
    const found = defined({ a: 1 as number, b: "x" as string | undefined });
    expectTypeOf(found.a).toEqualTypeOf<number>();
    const asked: { readonly a: number; readonly b?: string } = found;
    expect(asked).toEqual({ a: 1, b: "x" });
  });
});
