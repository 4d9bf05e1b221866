/** Tables of a page: the one place that writes `<table>`. The first cell of a row names it. */
import { html } from "./html.ts";
import type { Html, HtmlValue } from "./html.ts";

/** Text or markup, or either with a CSS class and words that show when the pointer rests on it. */
export type TableCell =
  | HtmlValue
  | { readonly value: HtmlValue; readonly class?: string | undefined; readonly title?: string };

/** Cells, or cells of a row that looks different from the others. */
export type TableRow =
  | readonly TableCell[]
  | { readonly cells: readonly TableCell[]; readonly class?: string | undefined };

/** Rows under a heading line. */
export interface TableGroup {
  readonly title: string;
  readonly rows: readonly TableRow[];
}

export interface TableOptions {
  /** `wide`: of many columns, of which none is broken, and the first stays in view when the table is scrolled. */
  readonly class?: "wide" | "faces";
  readonly caption?: string;
  /** How many columns, from the left, hold text; the others hold numbers. Default 1. */
  readonly words?: number;
}

/** A table that scrolls inside of the page where it is too wide for it. @param head one cell a column */
export function htmlTable(head: readonly TableCell[], rows: readonly TableRow[], options: TableOptions = {}): Html {
  return tableOf(head, [html`<tbody>${rows.map((row) => tableRow(row, options))}</tbody>`], options);
}

/** The same in groups; a group without rows is left out. */
export function groupedTable(
  head: readonly TableCell[],
  groups: readonly TableGroup[],
  options: TableOptions = {},
): Html {
  const title = (text: string): Html =>
    html`<tr class="group"><th scope="rowgroup" colspan="${head.length}">${text}</th></tr>`;
  const bodies = groups
    .filter(({ rows }) => rows.length > 0)
    .map((group) => html`<tbody>${title(group.title)}${group.rows.map((row) => tableRow(row, options))}</tbody>`);
  return tableOf(head, bodies, options);
}

function tableOf(head: readonly TableCell[], bodies: readonly Html[], options: TableOptions): Html {
  const caption = options.caption === undefined ? undefined : html`<caption>${options.caption}</caption>`;
  return html`<div class="scroll">
<table${attribute("class", options.class)}>${caption}
<thead><tr>${head.map((cell, column) => element("th", cell, { scope: "col", isText: isText(column, options) }))}</tr></thead>
${bodies}
</table></div>
`;
}

function tableRow(row: TableRow, options: TableOptions): Html {
  const { cells, class: ofRow } = "cells" in row ? row : { cells: row, class: undefined };
  const [first = "", ...others] = cells;
  return html`
<tr${attribute("class", ofRow)}>${element("th", first, { scope: "row" })}${others.map((cell, i) => element("td", cell, { isText: isText(i + 1, options) }))}</tr>`;
}

/** The first column is to the left in any case. */
function isText(column: number, { words = 1 }: TableOptions): boolean {
  return column > 0 && column < words;
}

function element(
  name: "th" | "td",
  cell: TableCell,
  { scope, isText = false }: { readonly scope?: "col" | "row"; readonly isText?: boolean },
): Html {
  const own = shortened(typeof cell === "object" && "value" in cell ? cell : { value: cell }, name);
  const ofCell = own.class ?? (isText ? "text" : undefined);
  const attributes = [attribute("scope", scope), attribute("class", ofCell), attribute("title", own.title)];
  return name === "th" ? html`<th${attributes}>${own.value}</th>` : html`<td${attributes}>${own.value}</td>`;
}

type WholeCell = Extract<TableCell, { readonly value: HtmlValue }>;

/** Letters of a plain name at the head of a row or column; the whole one shows when the pointer rests on it. */
const LONGEST_HEAD = 60;

function shortened(cell: WholeCell, name: "th" | "td"): WholeCell {
  const { value } = cell;
  if (name !== "th" || typeof value !== "string") return cell;
  const letters = Array.from(value);
  if (letters.length <= LONGEST_HEAD) return cell;
  return { title: value, ...cell, value: `${letters.slice(0, LONGEST_HEAD - 1).join("")}…` };
}

function attribute(name: "class" | "scope" | "title", value: string | undefined): Html | undefined {
  return value === undefined ? undefined : html` ${name}="${value}"`;
}
