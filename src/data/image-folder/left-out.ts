/** What lies in an image folder and is not read: counted and named, by kind and folder. */
import { shown } from "../../util/shown.ts";

/** Something that is not read. */
export interface LeftOut {
  /** What it is, in the plural: `HEIC images`, `hidden files`. */
  readonly kind: string;
  /** Its class folder; "" for what lies beside the class folders. */
  readonly folder: string;
  /** Its path in that folder. */
  readonly name: string;
  /** An image, or named as one: a class must not lose all of them. */
  readonly isImage: boolean;
}

const MOST_NAMES = 3;
const MOST_FOLDERS = 3;

/**
 * A line for each kind: `train: not read, HEIC images: 4 in cat (1.heic, 2.heic, 3.heic, …), 1 in dog (9.heic)`.
 * @param names whether files are named; the record of a run goes without them
 */
export function leftOutLines(part: string, leftOut: readonly LeftOut[], names: boolean): string[] {
  return [...grouped(leftOut, ({ kind }) => kind)].map(([kind, ofKind]) => {
    const folders = [...grouped(ofKind, ({ folder }) => folder)];
    const said = folders.slice(0, MOST_FOLDERS).map(([folder, files]) => {
      const place = folder === "" ? `${part} itself` : plain(folder);
      return `${files.length} in ${place}${names ? ` (${namesOf(files)})` : ""}`;
    });
    const rest = folders.slice(MOST_FOLDERS);
    const more = rest.reduce((sum, [, files]) => sum + files.length, 0);
    if (rest.length > 0) said.push(`${more} in ${rest.length} more ${rest.length === 1 ? "folder" : "folders"}`);
    return `${part}: not read, ${plain(kind)}: ${said.join(", ")}`;
  });
}

function namesOf(files: readonly LeftOut[]): string {
  const first = files.slice(0, MOST_NAMES).map(({ name }) => plain(name));
  return [...first, ...(files.length > MOST_NAMES ? ["…"] : [])].join(", ");
}

/** As it is where nothing in it could mislead, else quoted. */
export function plain(name: string): string {
  return /^[\p{L}\p{N}_.\-+@/ ]{1,80}$/u.test(name) && name.trim() === name ? name : shown(name);
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
