import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { recordJsonSchema, recordSchemas, recordTables } from "../../../src/record/document.ts";

describe("documentation of records", () => {
  it("holds the tables made from the schemas, at the end of docs/reference/records.md", () => {
    const page = readFileSync(new URL("../../../docs/reference/records.md", import.meta.url), "utf8");
    expect(page.slice(page.indexOf("## `run.json`"))).toBe(recordTables());
  });

  it("describes every field but those whose name says all", () => {
    const undescribed = recordTables()
      .split("\n")
      .filter((line) => line.startsWith("| `") && line.endsWith("|  |"))
      .map((line) => line.split("`")[1]);
    expect(undescribed.filter((path) => !/^(format|version|dataset|indices)\b/.test(path ?? ""))).toEqual([]);
  });

  it("links to parts that have a table", () => {
    const tables = recordTables();
    const links = [...tables.matchAll(/\(#([a-z]+)\)/g)].map(([, anchor]) => anchor);
    const titles = [...tables.matchAll(/^## `?([\w.]+)`?$/gm)].map(([, title]) =>
      title?.toLowerCase().replace(".", ""),
    );
    expect(new Set(links)).toEqual(new Set(links.filter((link) => titles.includes(link))));
    expect(links.length).toBeGreaterThan(10);
  });

  it.each(Object.keys(recordSchemas))("gives a JSON Schema of %s that is strict", (file) => {
    const text = JSON.stringify(recordJsonSchema(file as keyof typeof recordSchemas));
    expect(text).toContain('"$schema":"https://json-schema.org/draft/2020-12/schema"');
    expect(text).toContain('"additionalProperties":false');
  });
});
