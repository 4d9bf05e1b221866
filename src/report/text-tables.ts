/**
 * Tables in text: Markdown for pages, LaTeX for papers (booktabs), CSV for programs and spreadsheets (RFC 4180). A cell is text, whatever it holds:
 * names of classes and files come from outside.
 */
import { csvCell, withoutFormula } from "../util/csv-cell.ts";
import { printable } from "../util/shown.ts";

/** A Markdown table below its title. @param words see `markdownRows` */
export function markdownTable(
  title: string,
  head: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
  words?: number,
): string {
  return `### ${markdownText(title)}\n\n${markdownRows(head, rows, words)}`;
}

/** A Markdown table without a title. @param words how many columns, from the left, hold text; the others hold numbers */
export function markdownRows(head: readonly string[], rows: ReadonlyArray<readonly string[]>, words = 2): string {
  const rule = head.map((_, column) => (column < words ? "---" : "---:"));
  const lines = [head.map(markdownText), rule, ...rows.map((cells) => cells.map(markdownText))];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

export function latexTable(title: string, head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string => `${cells.map(latexText).join(" & ")} \\\\`;
  return [
    "\\begin{table}",
    `\\caption{${latexText(title)}}`,
    `\\begin{tabular}{${head.map((_, column) => (column < 2 ? "l" : "r")).join("")}}`,
    "\\toprule",
    line(head),
    "\\midrule",
    ...rows.map(line),
    "\\bottomrule",
    "\\end{tabular}",
    "\\end{table}",
  ].join("\n");
}

/** Numbers to six decimals. Text that a spreadsheet would compute has an apostrophe before it. */
export function csvText(rows: ReadonlyArray<ReadonlyArray<string | number>>): string {
  return rows.map((cells) => `${cells.map(cellOf).join(",")}\r\n`).join("");
}

function cellOf(value: string | number): string {
  return typeof value === "number" ? String(Number(value.toFixed(6))) : csvCell(withoutFormula(value));
}

/** Text that neither breaks the table nor becomes markup, a link or a formula. */
export function markdownText(text: string): string {
  return printable(oneLine(text))
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/([\\|*_`[\]~$])/g, "\\$1");
}

const latexCharacters: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  // Behind the end of a line these would be options of it.
  "[": "{[}",
  "*": "{*}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "\\textquotedbl{}",
  "±": "$\\pm$",
  "−": "$-$",
  "–": "--",
  "\u202f": "\\,",
};

function latexText(text: string): string {
  return printable(oneLine(text)).replaceAll(
    /[\\~^[*<>|"±−–\u202f&%$#_{}]/g,
    (character) => latexCharacters[character] ?? `\\${character}`,
  );
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\t]+/g, " ");
}
