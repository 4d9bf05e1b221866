import { expect, it } from "vitest";
import { csvText, latexTable, markdownRows, markdownTable } from "../../../src/report/text-tables.ts";

it("Markdown cells cannot break the table", () => {
  expect(markdownTable("a|b", ["x", "y", "z"], [["1|2", "<b>", "3\n4"]])).toBe(
    "### a\\|b\n\n| x | y | z |\n| --- | --- | ---: |\n| 1\\|2 | &lt;b> | 3 4 |",
  );
});

it("a Markdown table without a title is the same lines; columns of words are to the left", () => {
  expect(markdownRows(["x", "y"], [["1", "2_3"]], 1)).toBe("| x | y |\n| --- | ---: |\n| 1 | 2\\_3 |");
});

it("LaTeX special characters are escaped", () => {
  expect(latexTable("100 %", ["a_b"], [["1 ± 2 & \\x{}"]])).toContain("1 $\\pm$ 2 \\& \\textbackslash{}x\\{\\} \\\\");
});

it("CSV quotes what it must, and ends lines as RFC 4180 has it", () => {
  expect(
    csvText([
      ["a", 'b"c', 1 / 3],
      ["d,e", "", 2],
    ]),
  ).toBe('a,"b""c",0.333333\r\n"d,e",,2\r\n');
});
