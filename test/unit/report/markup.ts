/** A strict reading of our own pages: every element with its attributes; throws where tags do not nest. */

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const VOID = new Set(["meta", "img", "br"]);

/** All elements of a page, in order. Text, comments and declarations are skipped. */
export function elementsOf(page: string): Element[] {
  const open: string[] = [];
  const elements: Element[] = [];
  for (const [, closing, name = "", rest = ""] of page.matchAll(/<(\/?)([a-zA-Z][\w-]*)((?:"[^"]*"|[^">])*)>/g)) {
    if (closing === "/") {
      const expected = open.pop();
      if (expected !== name) throw new TypeError(`</${name}> where </${expected}> was expected`);
      continue;
    }
    const attributes = new Map(
      [...rest.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]),
    );
    elements.push({ name, attributes });
    if (!VOID.has(name) && !rest.endsWith("/")) open.push(name);
  }
  if (open.length > 0) throw new TypeError(`<${open.at(-1)}> is not closed`);
  return elements;
}

/** The text a reader sees of some markup, with entities resolved. */
export function textOf(page: string): string {
  return page
    .replaceAll(/<style[\s\S]*?<\/style>/g, " ")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .replaceAll(/\s+/g, " ");
}
