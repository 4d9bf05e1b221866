/** The files of this repository as text, for tests of rules about the code itself. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";

export interface SourceFile {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** An import, re-export, `import()` or `import.meta` URL of another file of ours, or of a package. */
export interface Edge {
  readonly from: string;
  /** Path from the root of the repository, or the name of a package. */
  readonly to: string;
}

export const repositoryRoot: string = fileURLToPath(new URL("../..", import.meta.url));

const notOurs = new Set([".git", "node_modules", "build", "dist", "runs", "coverage", ".cache"]);

/** Every text file below `folder` ("" for all) whose path matches, by path. None when the folder does not exist. */
export function sourceFiles(folder: string, matching: RegExp = /./): SourceFile[] {
  const absolute = join(repositoryRoot, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { withFileTypes: true })
    .filter((entry) => !notOurs.has(entry.name))
    .flatMap((entry): SourceFile[] => {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) return sourceFiles(path, matching);
      if (!entry.isFile() || !matching.test(path) || statSync(join(repositoryRoot, path)).size > 4_000_000) return [];
      const text = readFileSync(join(repositoryRoot, path), "utf8");
      return text.includes("\0") ? [] : [{ path, text }];
    })
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** The written TypeScript of the product: src without generated files. */
export function writtenSources(): SourceFile[] {
  return sourceFiles("src", /\.ts$/).filter(({ path }) => !path.endsWith(".generated.ts"));
}

/** What `file` imports, in order, types included. */
export function importsOf({ path, text }: SourceFile): Edge[] {
  const specifiers = withoutComments(text).matchAll(/\b(?:from\s+|import\s*\(?\s*)["']([^"'\s]+)["']/g);
  return [...specifiers].map(([, specifier = ""]) => ({
    from: path,
    to: specifier.startsWith(".") ? posix.normalize(posix.join(posix.dirname(path), specifier)) : specifier,
  }));
}

/** The code alone. Good enough for searching: a string holding a comment's opening would be cut. */
export function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|[^:"'`])\/\/.*$/gm, "$1");
}

/** `path:line: text` of every line that matches. */
export function matchingLines({ path, text }: SourceFile, pattern: RegExp): string[] {
  return text
    .split("\n")
    .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : []));
}
