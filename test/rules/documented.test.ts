/** The pages of docs/ say something of every method, pruner, allocation and metric, and of nothing that is not there. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { attacks } from "../../src/data/poison/index.ts";
import { datasets } from "../../src/data/registry.ts";
import { detectors } from "../../src/detect/index.ts";
import { metrics } from "../../src/evaluate/registry.ts";
import { allocations } from "../../src/prune/allocations/registry.ts";
import { pruners } from "../../src/prune/index.ts";
import { methods } from "../../src/unlearn/index.ts";

const readPage = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
const page = readPage("reference/methods.md");

it("has a section for every method", () => {
  const headings = [...page.matchAll(/^### (.+)$/gm)].flatMap(([, names = ""]) => names.split(", "));
  expect(headings.toSorted()).toEqual(methods.map(({ name }) => name).toSorted());
});

describe.each(methods.map(({ name }) => name))("the section of %s", (name) => {
  const section = sectionOf(name);

  it("says what it does, its equation, and source, differences, cost and when to use it", () => {
    expect(missingParts(section)).toEqual([]);
  });

  it("agrees with the file's header on the papers, and on whether anything differs", () => {
    const header = /^\/\*\*[\s\S]*?\*\//.exec(
      readFileSync(new URL(`../../src/unlearn/${name}.ts`, import.meta.url), "utf8"),
    )?.[0];
    const papers = partOf(header ?? "", "Source").match(/arXiv:[\d.]*\d/g) ?? [];
    for (const paper of papers) expect(section).toContain(paper);
    const nothing = /^\s*no known difference/;
    expect(nothing.test(lineOf(section, "Differs"))).toBe(nothing.test(partOf(header ?? "", "Differs")));
  });
});

it("would see what a section lacks", () => {
  const whole = "### a\n\nDoes it.\n\n    min_θ f\n\n- Source: S.\n- Differs: D.\n- Cost: C.\n- When: W.\n";
  expect(missingParts(whole)).toEqual([]);
  expect(missingParts(whole.replace("    min_θ f\n", ""))).toEqual(["equation"]);
  expect(missingParts(whole.replace("Does it.\n", ""))).toEqual(["what it does"]);
  expect(missingParts(whole.replace("- Cost: C.", "- Cost:"))).toEqual(["Cost"]);
});

/** From a method's heading to the next. */
function sectionOf(name: string): string {
  return new RegExp(`^### ${name}$[^]*?(?=^##)`, "m").exec(page)?.[0] ?? "";
}

function missingParts(section: string): string[] {
  const [, opening = ""] = /^### .+\n([^]*?)(?=^ {4}|^- |(?![^]))/m.exec(section) ?? [];
  return [
    ...(opening.trim() === "" ? ["what it does"] : []),
    ...(/^ {4}\S.*(=|←)|^ {4}.*min_/m.test(section) ? [] : ["equation"]),
    ...["Source", "Differs", "Cost", "When"].filter((part) => lineOf(section, part) === ""),
  ];
}

/** What a section's list says under a label. */
function lineOf(section: string, label: string): string {
  return new RegExp(`^- ${label}: *(\\S.*)$`, "m").exec(section)?.[1] ?? "";
}

/** What a file's header says under a label, over several lines. */
function partOf(header: string, label: string): string {
  return new RegExp(`^ \\* ${label} +([^]*?)(?=^ \\* [A-Z]\\w+ {2,}| \\*/)`, "m").exec(header)?.[1] ?? "";
}

it("has a row for every pruner", () => {
  expect(rowsOf(partOfPruners("Pruners", "Training under the mask"))).toEqual(pruners.map(({ name }) => name));
});

it("has a row for every allocation", () => {
  expect(rowsOf(partOfPruners("Allocations"))).toEqual(allocations.map(({ name }) => name));
});

it.each([
  ["attacks", attacks, "reference/backdoors.md"],
  ["detectors", detectors, "reference/backdoors.md"],
  ["data sets", datasets, "reference/data.md"],
] as const)("has a row for all %s", (title, registered, file) => {
  const rows = rowsOf(readPage(file));
  expect(
    registered.map(({ name }) => name).filter((name) => !rows.includes(name)),
    title,
  ).toEqual([]);
});

/** What stands in docs/reference/pruners.md from one heading to another, or to the end. */
function partOfPruners(from: string, to?: string): string {
  const pruning = readPage("reference/pruners.md");
  return pruning.slice(pruning.indexOf(`## ${from}`), to === undefined ? undefined : pruning.indexOf(`## ${to}`));
}

/** The names in the first column of tables. */
function rowsOf(text: string): string[] {
  return [...text.matchAll(/^\| `(\w[\w:-]*)`(?: \(default\))? \| /gm)].map(([, name = ""]) => name);
}

it("has a row for every metric", () => {
  const rows = [...readPage("explanation/evaluation.md").matchAll(/^\| ([\w .-]+) \| /gm)].map(([, name]) => name);
  for (const { name, title } of metrics) expect(rows.includes(name) || rows.includes(title), name).toBe(true);
});

describe("docs/tutorials/your-own-definitions.md", () => {
  const blocks = [...readPage("tutorials/your-own-definitions.md").matchAll(/^```[jt]s\n([^]*?)\n```$/gm)].map(
    ([, code = ""]) => code,
  );
  const run = readFileSync(new URL("../e2e/outside-project.test.ts", import.meta.url), "utf8")
    .replaceAll("\\`", "`")
    .replaceAll("\\${", "${");

  it("shows code that the test of a project outside runs", () => {
    const definitions = blocks.filter((code) => code.includes("import "));
    expect(definitions).toHaveLength(4);
    expect(definitions.filter((code) => !run.includes(code))).toEqual([]);
  });
});
