/** What a plugin is made of, as one hash: its file, and the files beside it that it imports by a relative path. */
import { existsSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { sha256Hex } from "../util/hash.ts";
import { readRegularFile } from "../util/regular-file.ts";

const specifiers = /\b(?:from\s+|import\s*\(?\s*|require\s*\(\s*)["'](\.{1,2}\/[^"'\n]+)["']/g;
const endings = ["", ".ts", ".mts", ".js", ".mjs", ".cjs", ".json", "/index.ts", "/index.js"];

/**
 * SHA-256 of the texts of `file` and of what it imports by a relative path, directly or not, in the order they are met.
 * @throws CoppiceError E_CONFIG for one that cannot be read
 */
export function hashOfModule(file: string): string {
  const texts: string[] = [];
  const met = new Set<string>();
  const visit = (path: string): void => {
    if (met.has(path)) return;
    met.add(path);
    const text = readRegularFile(path, "E_CONFIG").toString("utf8");
    texts.push(sha256Hex(text));
    for (const [, specifier = ""] of text.matchAll(specifiers)) {
      const imported = fileNamed(resolve(dirname(path), specifier));
      if (imported !== undefined) visit(imported);
    }
  };
  visit(resolve(file));
  return texts.length === 1 ? (texts[0] ?? "") : sha256Hex(texts.join("\n"));
}

/** The file that an import means: endings may be left out, and `.js` may stand for `.ts`. */
function fileNamed(path: string): string | undefined {
  const asTypeScript = extname(path) === ".js" ? [`${path.slice(0, -3)}.ts`] : [];
  return [...endings.map((ending) => `${path}${ending}`), ...asTypeScript].find(
    (name) => existsSync(name) && extname(name) !== "",
  );
}
