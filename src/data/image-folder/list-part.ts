/** The image files of one part of an image folder, in torchvision's order, and what else lies there. */
import { join } from "node:path";
import { readRegularFileAsync } from "../../util/regular-file.ts";
import { HEAD_BYTES, type ImageKind, imageKind, otherKind } from "./image-kind.ts";
import type { LeftOut } from "./left-out.ts";
import type { ReadProgress } from "./read-progress.ts";
import { listFolder, realPathOf, walk } from "./walk.ts";

/** Files looked at at a time. */
const AT_ONCE = 32;

/** An image by its content; whether it can be decoded is not known yet. */
export interface ImageFile {
  /** Number of its class. */
  readonly label: number;
  /** In its class folder, with `/`. */
  readonly name: string;
  readonly kind: ImageKind;
  /** Among all images of the part, in torchvision's order. */
  readonly position: number;
}

export interface PartList {
  readonly folder: string;
  /** Of each class, in torchvision's order. */
  readonly byClass: readonly (readonly ImageFile[])[];
  readonly leftOut: readonly LeftOut[];
}

/** A part whose folders have been walked, its files not yet looked at. */
export interface WalkedPart {
  readonly folder: string;
  /** Its class folders, by name. */
  readonly classNames: readonly string[];
  /** Of each class, of those of the training part. */
  readonly files: readonly (readonly string[])[];
  readonly fileCount: number;
  readonly leftOut: readonly LeftOut[];
}

/**
 * @param known the classes, those of the training part; absent: all class folders that there are
 * @throws CoppiceError E_DATA for a folder that this user may not read
 */
export function walkPart(folder: string, known?: readonly string[]): WalkedPart {
  const inside = listFolder(folder, [realPathOf(folder)]);
  const leftOut: LeftOut[] = [
    ...inside.others.map((other) => ({ ...other, folder: "", isImage: false })),
    ...inside.files.map((name) => ({ name, folder: "", kind: "files outside of the class folders", isImage: false })),
  ];
  const classNames = known ?? inside.folders;
  const files = classNames.map((name) => {
    if (!inside.folders.includes(name)) return [];
    const walked = walk(join(folder, name));
    leftOut.push(...walked.others.map((other) => ({ ...other, folder: name, isImage: false })));
    return walked.files;
  });
  for (const extra of inside.folders.filter((name) => !classNames.includes(name))) {
    const kind = "files of classes that the training part does not have";
    leftOut.push(...walk(join(folder, extra)).files.map((name) => ({ name, folder: extra, kind, isImage: false })));
  }
  return { folder, classNames, files, fileCount: files.reduce((sum, names) => sum + names.length, 0), leftOut };
}

/** Looks at the beginning of each file. @throws CoppiceError E_DATA for a file that this user may not read */
export async function listPart(
  { folder, classNames, files, leftOut }: WalkedPart,
  progress: ReadProgress,
): Promise<PartList> {
  const others: LeftOut[] = [];
  const byClass: ImageFile[][] = [];
  let position = 0;
  for (const [label, names] of files.entries()) {
    const className = classNames[label] ?? "";
    const images: ImageFile[] = [];
    for (let start = 0; start < names.length; start += AT_ONCE) {
      const some = names.slice(start, start + AT_ONCE);
      const heads = await Promise.all(some.map((name) => headOf(join(folder, className, name), progress)));
      some.forEach((name, i) => {
        const head = heads[i] ?? Buffer.alloc(0);
        const kind = imageKind(head);
        if (kind === undefined) others.push({ name, folder: className, ...otherKind(head, name) });
        else images.push({ label, name, kind, position: position++ });
      });
    }
    byClass.push(images);
  }
  return { folder, byClass, leftOut: [...leftOut, ...others] };
}

async function headOf(path: string, progress: ReadProgress): Promise<Buffer> {
  const head = await readRegularFileAsync(path, "E_DATA", HEAD_BYTES);
  progress.step();
  return head;
}

/** The first image of every class, then the second, …, so that the first ones of a part are of all classes. */
export function roundRobin(byClass: readonly (readonly ImageFile[])[]): ImageFile[] {
  const most = byClass.reduce((max, files) => Math.max(max, files.length), 0);
  return Array.from({ length: most }, (_, i) => byClass.flatMap((files) => files[i] ?? [])).flat();
}
