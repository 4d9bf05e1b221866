/** HTML by tagged templates that escape: whatever is not markup made here is text. */
import { printable } from "../util/shown.ts";

/** Markup that may go into a page as it is. Only `html` and `trusted` make it. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What a template may hold: text and numbers are escaped, markup is not, lists are joined, undefined is nothing. */
export type HtmlValue = string | number | Html | undefined | readonly HtmlValue[];

/** The nothing of markup. */
export const nothing = new Html("");

/** A template that escapes every value but `Html`. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(strings.reduce((markup, string, index) => markup + toMarkup(values[index - 1]) + string));
}

/** Declares markup safe that was not made by `html`: an escaped chart, our own style sheet. Never a value from a record. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

/** Text with the five characters replaced that mean something in HTML, and those shown as escapes that nobody sees or that turn text around. */
export function escapeHtml(text: string): string {
  return printable(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function toMarkup(value: HtmlValue): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.markup;
  if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value));
  return value.map(toMarkup).join("");
}
