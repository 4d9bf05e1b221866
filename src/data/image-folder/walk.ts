/**
 * The files of one folder and its sub-folders.
 *
 * Source  torchvision, `datasets/folder.py`, `make_dataset`: `sorted(os.walk(folder, followlinks=True))`, the names of each folder sorted
 */
import { type Dirent, readdirSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { CoppiceError } from "../../util/errors.ts";
import { type FileKind, fileKind, readProblem } from "../../util/regular-file.ts";
import { kindAt } from "../locations.ts";
import { byCodePoints } from "./code-points.ts";

/** Folders reached through links: a few that link to each other would make millions. */
const MOST_LINKED = 10_000;

/** What lies in one folder, by name. */
export interface Listed {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** What is neither opened nor entered. */
  readonly others: readonly Unopened[];
}

export interface Unopened {
  readonly name: string;
  /** In the plural. */
  readonly kind: string;
}

export interface Walked {
  /** Paths in the folder, with `/`, in torchvision's order. */
  readonly files: readonly string[];
  readonly others: readonly Unopened[];
}

/** Reads one folder, links taken for what they lead to. @param above real paths of the folder and of those it was reached through */
export function listFolder(folder: string, above: readonly string[]): Listed {
  const listed = { files: [] as string[], folders: [] as string[], others: [] as Unopened[] };
  for (const entry of entriesOf(folder)) {
    const name = decoded(entry.name);
    if (name === undefined) {
      listed.others.push({ name: entry.name.toString("latin1"), kind: "files whose name is not UTF-8" });
      continue;
    }
    const kind = kindOf(folder, name, entry, above);
    if (kind === "file") listed.files.push(name);
    else if (kind === "folder") listed.folders.push(name);
    else listed.others.push({ name, kind });
  }
  listed.files.sort(byCodePoints);
  listed.folders.sort(byCodePoints);
  listed.others.sort((a, b) => byCodePoints(a.name, b.name));
  return listed;
}

/**
 * Walks `folder` as torchvision does, but for hidden files and folders and for links back to a folder above, which would never end.
 * @throws CoppiceError E_DATA for a folder that this user may not read
 */
export function walk(folder: string): Walked {
  const found: { root: string; names: readonly string[] }[] = [];
  const others: Unopened[] = [];
  let linked = 0;
  const waiting = [{ root: "", above: [realPathOf(folder)] }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { root, above } = place;
    const listed = listFolder(join(folder, root), above);
    found.push({ root, names: listed.files });
    others.push(...listed.others.map(({ name, kind }) => ({ name: inside(root, name), kind })));
    for (const name of listed.folders) {
      const real = realPathOf(join(folder, root, name));
      if (real !== join(above.at(-1) ?? "", name)) linked++;
      if (linked > MOST_LINKED) throw tooMany(folder);
      waiting.push({ root: inside(root, name), above: [...above, real] });
    }
  }
  // By whole paths of folders: `a-b` comes before `a/b`, though `a` comes before both.
  found.sort((a, b) => byCodePoints(a.root, b.root));
  others.sort((a, b) => byCodePoints(a.name, b.name));
  return { files: found.flatMap(({ root, names }) => names.map((name) => inside(root, name))), others };
}

const inside = (root: string, name: string): string => (root === "" ? name : `${root}/${name}`);

/** With links followed. @throws CoppiceError E_DATA for a folder that this user may not read */
export function realPathOf(folder: string): string {
  return reading(folder, () => realpathSync.native(folder));
}

function entriesOf(folder: string): Dirent<Buffer>[] {
  return reading(folder, () => readdirSync(folder, { withFileTypes: true, encoding: "buffer" }));
}

function reading<T>(folder: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new CoppiceError(
      "E_DATA",
      `${folder}: expected a folder that can be read, got ${readProblem(folder, cause)}`,
      {
        hint: "change its permissions, or take it out of the data",
        cause,
      },
    );
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decoded(name: Buffer): string | undefined {
  try {
    return utf8.decode(name);
  } catch {
    return undefined;
  }
}

function kindOf(
  folder: string,
  name: string,
  entry: Dirent<Buffer>,
  above: readonly string[],
): "file" | "folder" | (string & {}) {
  if (name.startsWith(".")) return entry.isDirectory() ? "hidden folders" : "hidden files";
  const path = join(folder, name);
  const isLink = entry.isSymbolicLink();
  const kind = isLink ? kindAt(path) : fileKind(entry);
  if (kind === undefined) return "links that lead nowhere";
  if (kind === "folder" && isLink && leadsBack(realPathOf(path), above)) return "links back to a folder above";
  return kind === "file" || kind === "folder" ? kind : plurals[kind];
}

const plurals: Readonly<Record<Exclude<FileKind, "file" | "folder">, string>> = {
  "named pipe": "named pipes",
  socket: "sockets",
  device: "devices",
};

/** Whether `target` is one of the folders `above`, or holds one of them. */
function leadsBack(target: string, above: readonly string[]): boolean {
  const within = target.endsWith(sep) ? target : `${target}${sep}`;
  return above.some((folder) => folder === target || folder.startsWith(within));
}

function tooMany(folder: string): CoppiceError {
  return new CoppiceError(
    "E_DATA",
    `${folder}: expected at most ${MOST_LINKED} folders that links in it lead to, got more`,
    {
      hint: "links that lead to each other's folders make ever more of them: take them out",
    },
  );
}
