import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable, printableLines, shown } from "../../../src/util/shown.ts";

/** Written out by code points, independently of the properties that the code asks for. */
const isHidden = (code: number): boolean =>
  code < 0x20 ||
  (code >= 0x7f && code <= 0x9f) ||
  [0xad, 0x34f, 0x61c, 0x2028, 0x2029, 0xfeff, 0x3164].includes(code) ||
  (code >= 0x200b && code <= 0x200f) ||
  (code >= 0x202a && code <= 0x202e) ||
  (code >= 0x2060 && code <= 0x206f) ||
  (code >= 0xd800 && code <= 0xdfff) ||
  (code >= 0xe0000 && code <= 0xe007f);

const hiddenIn = (text: string): string[] =>
  Array.from(text).filter((character) => isHidden(character.codePointAt(0) ?? 0));

const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom("\u001b", "\u0000", "\u009b", "\u007f", "\u202e", "\u2066", "\u200b", "\u2028", "\ufeff", "\ud800"),
    fc.constantFrom("\r", "\n", "\t", '"', "\\", "\u00ad", "\u{e0041}", "é", "狐", "🦊"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
  maxLength: 300,
});

/** What `shown` has quoted, read back. */
const valueOf = (result: string): string => JSON.parse(result.replace(/…" \(\d+ characters\)$/, '"')) as string;

describe("shown", () => {
  it.each<[unknown, string]>([
    ["plain", '"plain"'],
    ['a "quoted" \\ path', String.raw`"a \"quoted\" \\ path"`],
    ["\u001b[31mred\u0007", String.raw`"\u001b[31mred\u0007"`],
    ["\u009b31m", String.raw`"\u009b31m"`],
    ["cat\u202egnp", String.raw`"cat\u202egnp"`],
    ["a\u200bb\u2028c\ufeff", String.raw`"a\u200bb\u2028c\ufeff"`],
    ["\u{e0041}", String.raw`"\udb40\udc41"`],
    ["two\nlines\r\n", String.raw`"two\nlines\r\n"`],
    ["Füchse 狐 🦊", '"Füchse 狐 🦊"'],
    ["", '""'],
    [12, "12"],
    [Number.NaN, "NaN"],
    [undefined, "undefined"],
    [null, "null"],
    [[1, 2], "a list of 2"],
    [{ toString: 5 }, "[object Object]"],
    [() => "a long source", "a function"],
    [10n, "10"],
    [Symbol("s"), "Symbol(s)"],
  ])("shows value %#", (value, text) => {
    expect(shown(value)).toBe(text);
  });

  it("cuts after eighty characters, and says how many there are", () => {
    expect(shown("x".repeat(80))).toBe(`"${"x".repeat(80)}"`);
    expect(shown("9".repeat(100_000_000))).toBe(`"${"9".repeat(80)}…" (100000000 characters)`);
    expect(shown("🦊".repeat(100))).toBe(`"${"🦊".repeat(80)}…" (200 characters)`);
  });

  it("is one short line that a terminal only prints, for any text", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const result = shown(text);
        expect(hiddenIn(result)).toEqual([]);
        expect(result.length).toBeLessThan(80 * String.raw`\udb40\udc41`.length + 40);
        expect(text.startsWith(valueOf(result))).toBe(true);
      }),
    );
  });
});

describe("printable", () => {
  it("leaves text, newlines and tabs as they are", () => {
    expect(printable('Füchse\n\t"狐" 🦊 \\u')).toBe('Füchse\n\t"狐" 🦊 \\u');
  });

  it("leaves JSON the same JSON", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(JSON.parse(printable(JSON.stringify({ text }, null, 2)))).toEqual({ text });
      }),
    );
  });

  it("escapes everything that a terminal obeys or that nobody sees, in any text", () => {
    expect(printable("a\u001b]0;title\u0007\r\u202e")).toBe(String.raw`a\u001b]0;title\u0007\u000d\u202e`);
    fc.assert(
      fc.property(nasty, (text) => {
        expect(hiddenIn(printable(text)).filter((character) => !"\n\t".includes(character))).toEqual([]);
      }),
    );
  });
});

describe("printableLines", () => {
  it("cuts a line that fills a screen, and leaves the others", () => {
    expect(printableLines("a\u001b\n  b")).toBe(String.raw`a\u001b` + "\n  b");
    expect(printableLines(`first\n${"x".repeat(5000)}\nlast`)).toBe(
      `first\n${"x".repeat(1000)}… (5000 characters)\nlast`,
    );
  });
});
