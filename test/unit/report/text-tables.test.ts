import fc from "fast-check";
import { expect, it } from "vitest";
import { csvText, latexTable, markdownRows, markdownTable } from "../../../src/report/text-tables.ts";
import { parseCsv } from "../../../src/util/csv.ts";
import { hostileName, hostileNames } from "../../support/hostile-names.ts";

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

it("a name in CSV is read back, with an apostrophe before what a spreadsheet would compute", () => {
  fc.assert(
    fc.property(hostileName, hostileName, (first, second) => {
      const [record] = parseCsv(csvText([[first, 1, second]]), "names.csv");
      const [one = "", , other = ""] = record?.cells ?? [];
      expect([first, `'${first}`]).toContain(one);
      expect([second, `'${second}`]).toContain(other);
    }),
  );
  expect(csvText([["=1+1", "a,b", "-0.5"]])).toBe('\'=1+1,"a,b",-0.5\r\n');
});

/** What no character may do in a cell without a backslash before it. */
const markdownSpecial = /(?<!\\)(?:\\\\)*[|*_`[\]~$]/;

it("a name in Markdown is one cell of one line, without markup", () => {
  fc.assert(
    fc.property(hostileName, (name) => {
      const lines = markdownRows([name, "y"], [[name, "1"]], 1).split("\n");
      expect(lines).toHaveLength(3);
      for (const line of [lines[0], lines[2]]) {
        expect(line?.split(/(?<=(?<!\\)(?:\\\\)*)\|/)).toHaveLength(4);
        const [, cell = ""] = /^\| (.*) \| (?:y|1) \|$/su.exec(line ?? "") ?? [];
        expect(cell).not.toMatch(markdownSpecial);
        expect(cell).not.toMatch(/<|&(?!amp;|lt;)|[\u202a-\u202e\p{Cc}]/u);
      }
    }),
  );
});

it("a name in LaTeX holds no command, no end of a cell or line, and no option of a line", () => {
  const made =
    /\\(?:textbackslash|textasciitilde|textasciicircum|textless|textgreater|textbar|textquotedbl)\{\}|\$(?:\\pm|-)\$|\\[&%$#_{},]|\{[[*]\}/g;
  fc.assert(
    fc.property(hostileName, (name) => {
      const row = latexTable("t", ["x", "y"], [[name, "1"]]).split("\n")[6] ?? "";
      const cell = row.replace(/ & 1 \\\\$/, "");
      expect(cell.replaceAll(made, "")).not.toMatch(/[\\&%$#_{}~^[*<>|"]/);
    }),
  );
  expect(latexTable("t", ["x", "y"], [["100 % & [0pt]\\", "1"]])).toContain(
    "\n100 \\% \\& {[}0pt]\\textbackslash{} & 1 \\\\\n",
  );
});

it("no table is longer by lines for a name with line ends", () => {
  for (const name of hostileNames) {
    expect(latexTable(name, [name], [[name]]).split("\n")).toHaveLength(10);
    expect(markdownTable(name, [name], [[name]]).split("\n")).toHaveLength(5);
  }
});
