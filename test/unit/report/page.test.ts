import { describe, expect, it } from "vitest";
import { definitions, notesSection, renderPage, verdictSection } from "../../../src/report/page.ts";
import { elementsOf, textOf } from "./markup.ts";

describe("page", () => {
  const page = renderPage({ title: "A <b>", lead: "one line", body: undefined, footer: "end" });

  it("is a document in UTF-8 that fits a phone", () => {
    expect(page).toMatch(/^<!doctype html>/);
    const metas = elementsOf(page).filter(({ name }) => name === "meta");
    expect(metas.some(({ attributes }) => attributes.get("charset") === "utf-8")).toBe(true);
    expect(page).toContain('content="width=device-width, initial-scale=1"');
    expect(textOf(page)).toContain("A <b>");
  });

  it("forbids the browser to fetch or run anything", () => {
    expect(page).toContain("default-src &#39;none&#39;");
    expect(page).not.toContain("script-src");
  });

  it("has a look for dark screens and for paper", () => {
    expect(page).toContain("prefers-color-scheme: dark");
    expect(page).toContain("@media print");
  });
});

describe("sections", () => {
  it("show a verdict with its level, a paragraph for each sentence", () => {
    const { markup } = verdictSection({ level: "bad", label: "l", headline: "h", sentences: ["a", "b"] });
    expect(elementsOf(markup).filter(({ name }) => name === "p")).toHaveLength(4);
    expect(markup).toContain("verdict bad");
  });

  it("have no notes where there are none", () => {
    expect(notesSection([])).toBeUndefined();
    expect(elementsOf(notesSection(["a", "b"])?.markup ?? "").filter(({ name }) => name === "li")).toHaveLength(2);
  });

  it("leave out definitions that are undefined", () => {
    expect(
      textOf(
        definitions([
          ["a", "1"],
          ["b", undefined],
        ]).markup,
      ).trim(),
    ).toBe("a 1");
  });
});
