/** docs/methods.md says something of every method and pruner, and of nothing that is not there. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { pruners } from "../../src/prune/index.ts";
import { methods } from "../../src/unlearn/index.ts";

const page = readFileSync(new URL("../../docs/methods.md", import.meta.url), "utf8");

it("has a section for every method", () => {
  const headings = [...page.matchAll(/^### (.+)$/gm)].flatMap(([, names = ""]) => names.split(", "));
  expect(headings.toSorted()).toEqual(methods.map(({ name }) => name).toSorted());
});

it("has a row for every pruner", () => {
  const rows = [...page.slice(page.indexOf("## Pruners")).matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  expect(rows).toEqual(pruners.map(({ name }) => name));
});
