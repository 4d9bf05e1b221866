import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { listFolder, realPathOf, walk } from "../../../../src/data/image-folder/walk.ts";
import { specialFiles } from "../../../support/special-files.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

function tree(...files: string[]): string {
  const folder = temporaryFolder();
  for (const file of files) write(join(folder, file));
  return folder;
}

function write(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "");
}

/** `sorted(os.walk(folder))` with the names of each folder sorted, hidden ones left out. */
function asPythonWalks(folder: string): string[] {
  const roots = [""];
  for (const root of roots) {
    const names = readdirSync(join(folder, root)).filter((name) => !name.startsWith("."));
    roots.push(
      ...names.filter((name) => statSync(join(folder, root, name)).isDirectory()).map((name) => `${root}${name}/`),
    );
  }
  const bytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
  return roots
    .toSorted((a, b) => bytes(a.slice(0, -1), b.slice(0, -1)))
    .flatMap((root) =>
      readdirSync(join(folder, root))
        .map((name) => `${root}${name}`)
        .toSorted(bytes),
    )
    .filter((path) => !/(^|\/)\./.test(path) && statSync(join(folder, path)).isFile());
}

const name = fc.string({ unit: fc.constantFrom("a", "b", "-", "1", "é", "\uffee", "😀"), minLength: 1, maxLength: 2 });
const path = fc.array(fc.oneof({ weight: 6, arbitrary: name }, { weight: 1, arbitrary: name.map((it) => `.${it}`) }), {
  minLength: 1,
  maxLength: 4,
});

it("finds of any tree the files that Python's walk finds, in its order", () => {
  fc.assert(
    fc.property(fc.array(path, { maxLength: 12 }), (paths) => {
      const folder = temporaryFolder();
      for (const parts of paths) {
        try {
          write(join(folder, ...parts));
        } catch {
          // a file where a folder is wanted, or the other way round
        }
      }
      expect(walk(folder).files).toEqual(asPythonWalks(folder));
    }),
    { numRuns: 60 },
  );
});

it("orders sub-folders by their whole path", () => {
  expect(walk(tree("a/b/1", "a-b/1", "a/1", "1", "z")).files).toEqual(["1", "z", "a/1", "a-b/1", "a/b/1"]);
});

it("follows links to files and folders, but not back up", () => {
  const folder = tree("real/1", "real/deep/2", "other/3");
  symlinkSync("real/1", join(folder, "linked"));
  symlinkSync("../other", join(folder, "real/there"));
  symlinkSync("../real", join(folder, "other/back"));
  symlinkSync("..", join(folder, "real/up"));
  symlinkSync("/", join(folder, "real/root"));
  const { files, others } = walk(folder);
  expect(files).toEqual([
    "linked",
    "other/3",
    "other/back/1",
    "other/back/deep/2",
    "real/1",
    "real/deep/2",
    "real/there/3",
  ]);
  const back = "links back to a folder above";
  expect(others).toEqual(
    ["other/back/root", "other/back/there", "other/back/up", "real/root", "real/there/back", "real/up"].map((link) => {
      return { name: link, kind: back };
    }),
  );
});

it("names what it does not open, hidden files and folders first of all", () => {
  const folder = tree("1", ".hidden", ".folder/2");
  for (const [what, make] of specialFiles.slice(1)) make(join(folder, what));
  symlinkSync("/etc", join(folder, ".link"));
  expect(walk(folder)).toEqual({
    files: ["1"],
    others: [
      { name: ".folder", kind: "hidden folders" },
      { name: ".hidden", kind: "hidden files" },
      { name: ".link", kind: "hidden files" },
      { name: "a device", kind: "devices" },
      { name: "a link that leads nowhere", kind: "links that lead nowhere" },
      { name: "a link that leads to itself", kind: "links that lead nowhere" },
      { name: "a named pipe", kind: "named pipes" },
    ],
  });
});

it("names a file whose name is not UTF-8", () => {
  const folder = tree("1");
  execFileSync("sh", ["-c", String.raw`: > "$(printf 'caf\351.png')"`], { cwd: folder });
  expect(walk(folder)).toEqual({ files: ["1"], others: [{ name: "café.png", kind: "files whose name is not UTF-8" }] });
});

it("lists one folder by what its entries are", () => {
  const folder = tree("b/1", "a/1", "file");
  symlinkSync("a", join(folder, "link"));
  symlinkSync(".", join(folder, "self"));
  expect(listFolder(folder, [realPathOf(folder)])).toEqual({
    files: ["file"],
    folders: ["a", "b", "link"],
    others: [{ name: "self", kind: "links back to a folder above" }],
  });
});

it("refuses what it cannot read", () => {
  const folder = tree("file");
  const refused = expect.objectContaining({
    code: "E_DATA",
    message: expect.stringContaining("expected a folder that can be read"),
  });
  for (const read of [() => walk(join(folder, "none")), () => listFolder(join(folder, "file"), [])])
    expect(read).toThrow(refused);
});

it("ends where links make ever more folders of a few", { timeout: 60_000 }, () => {
  const names = Array.from({ length: 9 }, (_, i) => `d${i}`);
  const folder = tree(...names.map((of) => `${of}/file`));
  for (const from of names) for (const to of names) if (from !== to) symlinkSync(`../${to}`, join(folder, from, to));
  expect(() => walk(folder)).toThrow("expected at most 10000 folders that links in it lead to, got more");
});
