/** Pages for people: short paragraphs, and links that lead somewhere. */
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryRoot, type SourceFile, sourceFiles } from "../support/source-files.ts";

const [mostInParagraph, mostInItem] = [80, 60];

/** Tables that the program writes, and what follows from the schemas. */
const generated = /^docs\/results\/[^/]+\/(scores|times|table)\.md$/;
const pages = sourceFiles("", /\.md$/).filter(({ path }) => !generated.test(path));
const written = pages.filter(({ path }) => /^([A-Z]+|docs\/.*)\.md$/.test(path));

interface Block {
  readonly kind: "paragraph" | "item";
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** Paragraphs and list items: no code, no tables, no headings, no HTML. */
function blocksOf(text: string): Block[] {
  const blocks: { kind: Block["kind"]; line: number; lines: string[] }[] = [];
  let open: (typeof blocks)[number] | undefined;
  let fenced = false;
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trimStart().startsWith("```")) fenced = !fenced;
    const isItem = /^ *([-*]|\d+\.) /.test(line);
    const isOther = fenced || /^ *(```|\||#|<\/?\w|!\[)/.test(line) || line.trim() === "";
    if (isOther || (open === undefined && !isItem && /^ {4}/.test(line))) {
      open = undefined;
    } else if (isItem || open === undefined) {
      open = { kind: isItem ? "item" : "paragraph", line: index + 1, lines: [line] };
      blocks.push(open);
    } else {
      open.lines.push(line);
    }
  }
  return blocks.map(({ kind, line, lines }) => ({ kind, line, text: lines.join(" ") }));
}

/** Words as they are read: of a link its text alone. */
function countWords(text: string): number {
  const shown = text.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/^ *([-*]|\d+\.) /, "");
  return shown.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

/** `path:line: words in a paragraph` of every block that is too long. */
function tooLong({ path, text }: SourceFile): string[] {
  return blocksOf(text).flatMap((block) => {
    const words = countWords(block.text);
    return words > (block.kind === "item" ? mostInItem : mostInParagraph)
      ? [`${path}:${block.line}: ${words} words in a ${block.kind}: ${block.text.slice(0, 60)}`]
      : [];
  });
}

describe("pages", () => {
  it(`have no paragraph of more than ${mostInParagraph} words and no list item of more than ${mostInItem}`, () => {
    expect(written.length).toBeGreaterThan(20);
    expect(written.flatMap(tooLong)).toEqual([]);
  });

  it("of decisions have fewer than 200 words", () => {
    const decisions = written.filter(({ path }) => path.startsWith("docs/decisions/"));
    expect(decisions.length).toBeGreaterThan(5);
    expect(decisions.filter(({ text }) => countWords(text) >= 200).map(({ path }) => path)).toEqual([]);
  });

  it("would be seen too long, paragraphs and items alike", () => {
    const words = (count: number): string => Array.from({ length: count }, () => "word").join(" ");
    const over = (text: string): string[] =>
      tooLong({ path: "a.md", text }).map((line) => line.split(" words")[0] ?? "");
    expect(over(`# A\n\n${words(40)}\n${words(41)}\n`)).toEqual(["a.md:3: 81"]);
    expect(over(`- ${words(60)}\n- ${words(30)}\n  ${words(31)}\n\n1. ${words(61)}\n`)).toEqual([
      "a.md:2: 61",
      "a.md:5: 61",
    ]);
    expect(over(`${words(80)}\n\n    ${words(90)}\n\n| ${words(90)} |\n\n\`\`\`\n${words(90)}\n\`\`\`\n`)).toEqual([]);
    expect(over(`[${words(80)}](b c d.md)\n`)).toEqual([]);
  });
});

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** Links to places inside of the repository, without code. */
function relativeLinks(text: string): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = ""]) => to).filter((to) => !/^[a-z]+:/.test(to));
}

/** `path: link` of every link that leads nowhere. @param read the text of a file, undefined where there is none */
function deadLinks({ path, text }: SourceFile, read: (path: string) => string | undefined): string[] {
  return relativeLinks(text).flatMap((link) => {
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? path : posix.normalize(posix.join(posix.dirname(path), file));
    const found = target === path ? text : read(target);
    if (found === undefined) return [`${path}: ${link}: no such file`];
    return anchor === undefined || anchorsOf(found).includes(anchor) ? [] : [`${path}: ${link}: no such heading`];
  });
}

function readIfThere(path: string): string | undefined {
  const file = join(repositoryRoot, path);
  if (!existsSync(file)) return undefined;
  return path.endsWith(".md") ? readFileSync(file, "utf8") : "";
}

describe("links", () => {
  it("lead to files and headings that are there", () => {
    expect(pages.flatMap(({ text }) => relativeLinks(text)).length).toBeGreaterThan(100);
    expect(pages.flatMap((page) => deadLinks(page, readIfThere))).toEqual([]);
  });

  it("would be seen dead", () => {
    const read = (path: string): string | undefined => (path === "docs/b.md" ? "## In `b`, a part\n" : undefined);
    const dead = (text: string): string[] => deadLinks({ path: "docs/a.md", text }, read);
    expect(dead("# A\n[a](#a) [b](b.md) [part](b.md#in-b-a-part) [out](https://x.y/z) `[code](c.md)`\n")).toEqual([]);
    expect(dead("[c](c.md) [part](b.md#part) [a](#a)\n")).toHaveLength(3);
  });
});

describe("docs/README.md", () => {
  const index = readFileSync(join(repositoryRoot, "docs/README.md"), "utf8");
  const linked = relativeLinks(index).map((link) => posix.join("docs", link.split("#")[0] ?? ""));

  it("leads to every page", () => {
    const ofResults = /^docs\/(README|results\/.+\/README)\.md$/;
    const listed = pages.filter(({ path }) => path.startsWith("docs/") && !ofResults.test(path));
    expect(listed.map(({ path }) => path).filter((path) => !linked.includes(path))).toEqual([]);
  });
});
