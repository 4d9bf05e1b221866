/** What must hold for every page: well-formed, no script, nothing fetched, whatever the records say. */
import { expect } from "vitest";
import { elementsOf } from "./markup.ts";

const POISON = `"><script src="https://evil.example/x.js"></script><img onerror='x' src=//evil.example> url(http://evil.example) &amp;`;
/** Strings that must keep their form, by the name of their field. */
const KEPT =
  /^(format|version|kind|status|stem|order|direction|unit|method|data|\w*sha256|\w*Sha256|\w*[hH]ash|digest|\w*At|gitCommit)$/;

/** Fails unless the page is well-formed and neither runs nor fetches anything. */
export function expectOffline(page: string): void {
  const elements = elementsOf(page);
  expect(
    elements.filter(({ name }) => ["script", "link", "iframe", "object", "embed", "base", "form", "a"].includes(name)),
  ).toEqual([]);
  for (const { name, attributes } of elements) {
    for (const [key, value] of attributes) {
      expect(key, `attribute of <${name}>`).not.toMatch(/^on|^href$|^xlink|^srcset$|^data$/);
      if (key === "src") expect(value).toMatch(/^data:image\/png;base64,[A-Za-z0-9+/=]+$/);
      if (key === "style" || key === "fill" || key === "stroke" || key === "clip-path") {
        expect(value).not.toMatch(/url\((?!#)/);
      }
    }
  }
  const styles = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, css]) => css).join("");
  expect(styles).not.toMatch(/@import|url\(|http/);
}

/** The same records with hostile markup in every string that may hold anything. */
export function poisoned<T>(value: T, field = ""): T {
  if (typeof value === "string") return (KEPT.test(field) ? value : `${value}${POISON}`) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => poisoned(item, field)) as T;
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, item]) => [key, poisoned<unknown>(item, key)]);
  return Object.fromEntries(entries) as T;
}
