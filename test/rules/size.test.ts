/** No file written by hand is over 300 lines, no function over 60. Functions of TypeScript are the linter's (.oxlintrc.json); the rest is here. */
import { describe, expect, it } from "vitest";
import { type SourceFile, sourceFiles } from "../support/source-files.ts";

const [mostInFile, mostInFunction] = [300, 60];

const linesOf = ({ text }: SourceFile): string[] => text.replace(/\n$/, "").split("\n");

/**
 * `path: first line` of functions over the limit, of C++ as clang-format leaves it or of a shell script: from the head to the brace that
 * closes it, at the margin or, in a class, two spaces from it.
 */
function functionsOver(limit: number, file: SourceFile): string[] {
  const lines = linesOf(file);
  return lines.flatMap((line, end) => {
    if (!/^( {2})?\}$/.test(line)) return [];
    const indent = line.length - 1;
    // Deeper lines, labels, preprocessor and blank lines lie inside.
    const isInside = (inner: string): boolean => inner.search(/\S/) > indent || /^\s*(\w+:|#.*)?$/.test(inner);
    let start = end - 1;
    while (start > 0 && isInside(lines[start] ?? "")) start--;
    const head = (lines[start] ?? "").trim();
    const isFunction = !/^(\}|namespace|if|for|while|switch|do|else)\b|^\}/.test(head);
    return isFunction && end - start + 1 > limit ? [`${file.path}: ${head}`] : [];
  });
}

describe("no file", () => {
  const written = [
    ...["src", "native", "scripts", "test/support"].flatMap((folder) => sourceFiles(folder, /\.(ts|cc|h|sh|txt|js)$/)),
  ].filter(({ path }) => !path.endsWith(".generated.ts"));

  it(`has more than ${mostInFile} lines`, () => {
    expect(written.length).toBeGreaterThan(500);
    const long = written.filter((file) => linesOf(file).length > mostInFile);
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});

describe("no function of C++ or of a shell script", () => {
  const files = [...sourceFiles("native", /\.(cc|h)$/), ...sourceFiles("scripts", /\.sh$/)];

  it(`has more than ${mostInFunction} lines`, () => {
    expect(files.length).toBeGreaterThan(30);
    expect(files.flatMap((file) => functionsOver(mostInFunction, file))).toEqual([]);
  });

  it("would be found too long", () => {
    const over = (text: string): string[] => functionsOver(4, { path: "a.cc", text });
    const body = "  f();\n\n#if B\n  if (g) {\n    f();\n  }\n#endif\n";
    expect(over(`namespace a {\n\nvoid f(int b,\n       int c) {\n${body}}\n\n}  // namespace a\n`)).toEqual([
      "a.cc: void f(int b,",
    ]);
    expect(over(`class A {\n public:\n  void f() {\n${body.replaceAll(/^ /gm, "   ")}  }\n};\n`)).toEqual([
      "a.cc: void f() {",
    ]);
    expect(over(`f() {\n${body}}\n`)).toEqual(["a.cc: f() {"]);
    expect(over("struct A {\n  int a;\n  int b;\n  int c;\n  int d;\n};\n")).toEqual([]);
    expect(over("void f() {\n  g();\n}\n\nvoid g() {\n  f();\n}\n")).toEqual([]);
  });
});
