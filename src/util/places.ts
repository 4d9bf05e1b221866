/** Where paths really lead, so that no command writes into what it reads: links are followed, and what does not exist yet is placed below what does. */
import { existsSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { CoppiceError, messageOf, systemCode } from "./errors.ts";

/** As many links in a row as Linux follows. */
const mostLinks = 40;

/**
 * The absolute path without links that `path` leads to. What does not exist is placed below its nearest ancestor that does; a link to nothing
 * leads to where it points.
 * @throws CoppiceError E_CONFIG for links that run in a circle, or a folder that may not be looked into
 */
export function realPlace(path: string, links = 0): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    const code = systemCode(error);
    if ((code === "ENOENT" || code === "ENOTDIR") && links <= mostLinks) return placeBelow(resolve(path), links);
    const got = code === "ELOOP" ? "links that run in a circle" : messageOf(error);
    throw new CoppiceError("E_CONFIG", `${path}: expected a path that leads somewhere, got ${got}`, { cause: error });
  }
}

function placeBelow(path: string, links: number): string {
  if (dirname(path) === path) return path;
  const place = join(realPlace(dirname(path), links + 1), basename(path));
  const target = linkAt(place);
  return target === null ? place : realPlace(resolve(dirname(place), target), links + 1);
}

/** Where a link points that leads to nothing; null for what is none. */
function linkAt(place: string): string | null {
  try {
    return readlinkSync(place);
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EINVAL"].includes(systemCode(error) ?? "")) return null;
    throw error;
  }
}

/** How `path` lies to `other`: the same place, inside of it, around it, or apart (null). Links and mounts of one folder twice are seen through. */
export function overlap(path: string, other: string): "same" | "inside" | "around" | null {
  const [place, otherPlace] = [realPlace(path), realPlace(other)];
  if (place === otherPlace || isSameFolder(place, otherPlace)) return "same";
  if (ancestorsOf(place).some((ancestor) => ancestor === otherPlace || isSameFolder(ancestor, otherPlace)))
    return "inside";
  if (ancestorsOf(otherPlace).some((ancestor) => ancestor === place || isSameFolder(ancestor, place))) return "around";
  return null;
}

/** The way from the folder `from` to `path`, both without links: it stays true when all is moved together. */
export function wayTo(from: string, path: string): string {
  return relative(realPlace(from), realPlace(path)) || ".";
}

/** The folders above a place, the nearest first. */
export function ancestorsOf(place: string): string[] {
  const parent = dirname(place);
  return parent === place ? [] : [parent, ...ancestorsOf(parent)];
}

function isSameFolder(a: string, b: string): boolean {
  if (!existsSync(a) || !existsSync(b)) return false;
  const [one, two] = [statSync(a, { bigint: true }), statSync(b, { bigint: true })];
  return one.isDirectory() && one.dev === two.dev && one.ino === two.ino;
}
