/** Sizes of the native sources, which the linter does not see. */
import { describe, expect, it } from "vitest";
import { type SourceFile, sourceFiles } from "../support/source-files.ts";

const maxFileLines = 300;
const maxFunctionLines = 60;

interface Block {
  /** Of the statement that the block belongs to. */
  readonly firstLine: number;
  readonly hasParentheses: boolean;
}

/** Functions of more lines than allowed. A block counts as one where its statement has parentheses, so namespaces and types do not. */
function longFunctions({ path, text }: SourceFile): string[] {
  const found: string[] = [];
  const open: Block[] = [];
  let firstLine = 0;
  let statement = "";
  for (const [i, line] of text.split("\n").entries()) {
    const code = line.startsWith("#")
      ? ""
      : line.replace(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/g, "s").replace(/\/\/.*$/, "");
    for (const char of code) {
      if (statement.trim() === "") firstLine = i + 1;
      if (char === "{") open.push({ firstLine, hasParentheses: statement.includes("(") });
      if (char === "}") {
        const block = open.pop();
        const lines = i + 2 - (block?.firstLine ?? 0);
        if (block?.hasParentheses === true && lines > maxFunctionLines) {
          found.push(`${path}:${block.firstLine}: a function of ${lines} lines`);
        }
      }
      statement = /[{};]/.test(char) ? "" : statement + char;
    }
  }
  expect(open, path).toEqual([]);
  return found;
}

describe("native/", () => {
  const sources = sourceFiles("native", /\.(cc|h)$/);

  it(`has files of at most ${maxFileLines} lines`, () => {
    const lines = sources.map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter(({ lines: count }) => count > maxFileLines)).toEqual([]);
  });

  it(`has functions of at most ${maxFunctionLines} lines`, () => {
    expect(sources.flatMap(longFunctions)).toEqual([]);
  });

  it("would be seen broken", () => {
    const body = (lines: number): string => "  call(\"{\", '{');  // {\n".repeat(lines);
    const inside = (lines: number): string =>
      `namespace a {\nstruct B {\n  template <class T>\n  void f(\n      T t) {\n${body(lines)}  }\n};\n}\n`;
    expect(longFunctions({ path: "a.cc", text: inside(maxFunctionLines - 4) })).toEqual([]);
    expect(longFunctions({ path: "a.cc", text: inside(maxFunctionLines - 3) })).toEqual([
      `a.cc:3: a function of ${maxFunctionLines + 1} lines`,
    ]);
  });
});
