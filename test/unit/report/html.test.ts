import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeHtml, html, nothing, trusted } from "../../../src/report/html.ts";
import { hostileName } from "../../support/hostile-names.ts";
import { elementsOf } from "./markup.ts";

describe("html", () => {
  it("escapes text wherever it stands", () => {
    const name = `<script>alert("1")</script> & 'more'`;
    expect(html`<p title="${name}">${name}</p>`.markup).toBe(`<p title="${escapeHtml(name)}">${escapeHtml(name)}</p>`);
    expect(escapeHtml(name)).toBe("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;");
  });

  it("leaves markup alone, joins lists and drops undefined", () => {
    const items = ["a", "<"].map((item) => html`<li>${item}</li>`);
    expect(html`${items}${undefined}${3}`.markup).toBe("<li>a</li><li>&lt;</li>3");
    expect(html`${trusted("<b>x</b>")}${nothing}`.markup).toBe("<b>x</b>");
  });

  it("does not take for markup what only looks like it", () => {
    const forged = JSON.parse('{"markup": "<script>"}') as string;
    expect(() => html`${forged}`.markup).toThrow(TypeError);
  });

  it("leaves a name no way to be more than text, to be unseen, or to turn the text after it around", () => {
    fc.assert(
      fc.property(hostileName, (name) => {
        const page = html`<p title="${name}">${name}</p>`.markup;
        expect(elementsOf(page).map(({ name: element }) => element)).toEqual(["p"]);
        expect(page).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}]/u);
      }),
    );
    expect(html`${"\u202egnp.exe"}`.markup).toBe("\\u202egnp.exe");
  });
});
