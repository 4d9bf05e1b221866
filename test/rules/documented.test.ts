/** The pages of docs/ say something of every method, pruner, allocation and metric, and of nothing that is not there. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { metrics } from "../../src/evaluate/registry.ts";
import { allocations } from "../../src/prune/allocations/registry.ts";
import { pruners } from "../../src/prune/index.ts";
import { methods } from "../../src/unlearn/index.ts";

const readPage = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
const page = readPage("methods.md");

it("has a section for every method", () => {
  const headings = [...page.matchAll(/^### (.+)$/gm)].flatMap(([, names = ""]) => names.split(", "));
  expect(headings.toSorted()).toEqual(methods.map(({ name }) => name).toSorted());
});

it("has a row for every pruner", () => {
  const rows = [...page.slice(page.indexOf("## Pruners")).matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  expect(rows).toEqual(pruners.map(({ name }) => name));
});

it("has a row for every allocation", () => {
  const rows = [...readPage("sparse-engine.md").matchAll(/^\| `([\w:-]+)`(?: \(default\))? \| /gm)].map(
    ([, name]) => name,
  );
  for (const { name } of allocations) expect(rows).toContain(name);
});

it("has a row for every metric", () => {
  const rows = [...readPage("evaluation.md").matchAll(/^\| ([\w .-]+) \| /gm)].map(([, name]) => name);
  for (const { name, title } of metrics) expect(rows.includes(name) || rows.includes(title), name).toBe(true);
});
