/** Names as folders and files may have them, made to break tables and pages. */
import fc from "fast-check";

export const hostileNames: readonly string[] = [
  "=1+1",
  "+1+1",
  "-2+3",
  "@SUM(A1)",
  "＝1+1",
  " =1+1",
  "\t=1+1",
  "a,b",
  'say "cheese"',
  "<img src=x onerror=alert(1)>",
  "</title><script>alert(1)</script>",
  "&lt;b&gt;",
  "a|b",
  "`code` *bold* [link](http://evil.example) ~~gone~~ $x^2$",
  "100 % & #1_{a}^~\\",
  "[0pt]",
  "*",
  "two\nlines",
  "a\r\nb",
  "\u202egnp.exe",
  "zero\u200bwidth\u0000nul\u001b[31m",
  "x".repeat(300),
  "name with words ".repeat(20).trim(),
  "猫".repeat(100),
  "",
];

const pieces = [...hostileNames, ..."=+-@,;|\"'<>&\\{}[]()%$#_^~*`\t\r\n \u202e\u200b", "a", "1", "0.5"];

/** One of them, or any mixture of their parts and of other text. */
export const hostileName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...hostileNames),
  fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => parts.join("")),
  fc.string({ unit: "grapheme", maxLength: 20 }),
);
