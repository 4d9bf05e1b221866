import { describe, expect, it } from "vitest";
import { html } from "../../../src/report/html.ts";
import { groupedTable, htmlTable } from "../../../src/report/html-table.ts";
import { elementsOf, textOf } from "./markup.ts";

describe("table of a page", () => {
  it("names every column and every row, and escapes text", () => {
    const { markup } = htmlTable(
      ["Method", "<UA>"],
      [
        ["FT", 1],
        ["a & b", html`<b>2</b>`],
      ],
    );
    const scopes = elementsOf(markup).flatMap(({ attributes }) => attributes.get("scope") ?? []);
    expect(scopes).toEqual(["col", "col", "row", "row"]);
    expect(textOf(markup).trim()).toBe("Method <UA> FT 1 a & b 2");
    expect(markup).toContain("<td><b>2</b></td>");
  });

  it("gives rows and cells a class and a title where they have one, and no empty attribute elsewhere", () => {
    const { markup } = htmlTable(
      [{ value: "Score", class: "position" }, "Gap"],
      [{ cells: ["UA", { value: 3, class: "differs", title: 'n = "9"' }], class: "retrain" }],
      { class: "wide", caption: "dense original" },
    );
    expect(markup).toContain('<td class="differs" title="n = &quot;9&quot;">3</td>');
    expect(markup).toContain('<th scope="col" class="position">Score</th><th scope="col">Gap</th>');
    expect(markup).toContain('<table class="wide"><caption>dense original</caption>');
    expect(elementsOf(markup).filter(({ attributes }) => attributes.get("class") === "retrain")).toHaveLength(1);
    expect(htmlTable(["a"], [["b"]]).markup).not.toContain('=""');
  });

  it("sets columns of text to the left, numbers to the right", () => {
    const { markup } = htmlTable(["Scenario", "First", "p"], [["class", "FT", 0.1]], { words: 2 });
    expect(markup).toContain('<th scope="col" class="text">First</th><th scope="col">p</th>');
    expect(markup).toContain('<td class="text">FT</td><td>0.1</td>');
  });

  it("puts a group under its title over all columns, and leaves out a group without rows", () => {
    const { markup } = groupedTable(
      ["Method", "n"],
      [
        { title: "dense", rows: [["FT", 2]] },
        { title: "pruned", rows: [] },
      ],
    );
    const heads = elementsOf(markup).filter(({ attributes }) => attributes.get("scope") === "rowgroup");
    expect(heads.map(({ attributes }) => attributes.get("colspan"))).toEqual(["2"]);
    expect(textOf(markup)).not.toContain("pruned");
  });

  it("cuts a long name at the head of a row or column, and keeps it whole for the pointer", () => {
    const name = "x".repeat(300);
    const { markup } = htmlTable([name, "n"], [[name, name]]);
    const cut = `${"x".repeat(59)}…`;
    expect(markup).toContain(`<th scope="col" title="${name}">${cut}</th>`);
    expect(markup).toContain(`<th scope="row" title="${name}">${cut}</th><td>${name}</td>`);
  });
});
