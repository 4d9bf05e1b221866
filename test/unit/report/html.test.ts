import { describe, expect, it } from "vitest";
import { escapeHtml, html, nothing, trusted } from "../../../src/report/html.ts";

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
});
