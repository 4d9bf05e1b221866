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
}

/** A table that scrolls inside of the page where it is too wide for it. @param head one cell a column */
export function htmlTable(head: readonly TableCell[], rows: readonly TableRow[], options: TableOptions = {}): Html {
  return tableOf(head, [html`<tbody>${rows.map(tableRow)}</tbody>`], options);
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
    .map((group) => html`<tbody>${title(group.title)}${group.rows.map(tableRow)}</tbody>`);
  return tableOf(head, bodies, options);
}

function tableOf(head: readonly TableCell[], bodies: readonly Html[], options: TableOptions): Html {
  const caption = options.caption === undefined ? undefined : html`<caption>${options.caption}</caption>`;
  return html`<div class="scroll">
<table${attribute("class", options.class)}>${caption}
<thead><tr>${head.map((cell) => element("th", cell, "col"))}</tr></thead>
${bodies}
</table></div>
`;
}

function tableRow(row: TableRow): Html {
  const { cells, class: ofRow } = "cells" in row ? row : { cells: row, class: undefined };
  return html`
<tr${attribute("class", ofRow)}>${cells.map((cell, i) => (i === 0 ? element("th", cell, "row") : element("td", cell)))}</tr>`;
}

function element(name: "th" | "td", cell: TableCell, scope?: "col" | "row"): Html {
  const own = typeof cell === "object" && "value" in cell ? cell : { value: cell };
  const attributes = [attribute("scope", scope), attribute("class", own.class), attribute("title", own.title)];
  return name === "th" ? html`<th${attributes}>${own.value}</th>` : html`<td${attributes}>${own.value}</td>`;
}

function attribute(name: "class" | "scope" | "title", value: string | undefined): Html | undefined {
  return value === undefined ? undefined : html` ${name}="${value}"`;
}
