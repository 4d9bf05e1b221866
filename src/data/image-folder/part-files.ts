/** Which files of a part are wanted, and whether what was read of them will do. */
import { join } from "node:path";
import { expectInteger } from "../../util/assert.ts";
import { CoppiceError } from "../../util/errors.ts";
import type { LoadOptions } from "../dataset.ts";
import { type PartList, roundRobin } from "./list-part.ts";
import type { PartFindings } from "./notes.ts";
import { idOf, type PartFiles, type ReadPart } from "./read-part.ts";

export interface Choice {
  /** Of all classes of the training part. */
  readonly classNames: readonly string[];
  /** Numbers of the classes wanted, in the order of the new labels. */
  readonly chosen: readonly number[];
  /** Images wanted; absent: all. */
  readonly count?: number | undefined;
  /** Of which ids; absent: of any. A part or a class may then be left without images. */
  readonly only?: LoadOptions["only"];
}

const counts = { train: "numTrain", test: "numTest" } as const;

/** @throws CoppiceError E_DATA for a part without images, E_ARG for a count out of range */
export function chooseFiles(part: "train" | "test", list: PartList, choice: Choice): PartFiles {
  const { classNames, chosen, count, only } = choice;
  const all = roundRobin(chosen.map((number) => list.byClass[number] ?? []));
  const files = only === undefined ? all : all.filter((file) => only(part, idOf(part, classNames, file)));
  if (only !== undefined) return { part, folder: list.folder, classNames, chosen, files, wanted: files.length };
  if (files.length === 0) {
    const got = list.leftOut.length === 0 ? "none" : `${list.leftOut.length} other files`;
    throw new CoppiceError("E_DATA", `${list.folder}: expected images in its class folders, got ${got}`, {
      hint: "read are JPEG, PNG, WebP, GIF, TIFF, BMP, PPM, PGM, PBM and AVIF, whatever their names",
    });
  }
  expectInteger(counts[part], count ?? files.length, { min: 1, max: files.length });
  return { part, folder: list.folder, classNames, chosen, files, wanted: count ?? files.length };
}

/**
 * What there is to say of a part that was read.
 * @throws CoppiceError E_DATA for a class that has images, of which none can be decoded; E_ARG when fewer can be than were asked for
 */
export function findingsOf(list: PartList, files: PartFiles, { count, only }: Choice, read: ReadPart): PartFindings {
  const { part, classNames, chosen } = files;
  const { set, traits, undecodable } = read;
  const isChosen = new Set(["", ...chosen.map((number) => classNames[number] ?? "")]);
  const isKnown = new Set(classNames);
  const leftOut = [...list.leftOut, ...undecodable].filter(
    ({ folder }) => isChosen.has(folder) || !isKnown.has(folder),
  );
  for (const number of only === undefined ? chosen : []) {
    const className = classNames[number] ?? "";
    const images = list.byClass[number]?.length ?? 0;
    const tried = undecodable.filter(({ label }) => label === number).length;
    const lost = leftOut.filter(({ folder, isImage }) => folder === className && isImage);
    if (tried === images && lost.length > 0)
      throw allLost(
        join(list.folder, className),
        lost.map(({ kind }) => kind),
      );
  }
  if (count !== undefined) expectInteger(counts[part], count, { min: 1, max: set.labels.length });
  const empty = [...chosen.keys()].filter((label) => (list.byClass[chosen[label] ?? -1] ?? []).length === 0);
  return { part, leftOut, traits, count: set.labels.length, empty };
}

function allLost(folder: string, kinds: readonly string[]): CoppiceError {
  const got = `none of ${kinds.length}: ${[...new Set(kinds)].join(", ")}`;
  return new CoppiceError("E_DATA", `${folder}: expected at least one image that can be decoded, got ${got}`, {
    hint: "convert them to JPEG or PNG, or take the folder out of the data",
  });
}
