/** Tables in text: Markdown for pages, LaTeX for papers (booktabs), CSV for programs (RFC 4180). */

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
  const lines = [head, rule, ...rows.map((cells) => cells.map(markdownText))];
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

/** Numbers to six decimals. */
export function csvText(rows: ReadonlyArray<ReadonlyArray<string | number>>): string {
  return rows.map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(value: string | number): string {
  const text = typeof value === "number" ? String(Number(value.toFixed(6))) : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Text that neither breaks the table nor becomes markup. */
export function markdownText(text: string): string {
  return text
    .replaceAll(/[\r\n]+/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/([\\|*_`[\]])/g, "\\$1");
}

function latexText(text: string): string {
  return text
    .replaceAll("\\", "\\textbackslash{}")
    .replaceAll(/([&%$#_{}])/g, "\\$1")
    .replaceAll("\\textbackslash\\{\\}", "\\textbackslash{}")
    .replaceAll("~", "\\textasciitilde{}")
    .replaceAll("^", "\\textasciicircum{}")
    .replaceAll("±", "$\\pm$")
    .replaceAll("−", "$-$")
    .replaceAll("–", "--")
    .replaceAll("\u202f", "\\,");
}
