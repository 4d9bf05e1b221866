/** What a run did with images that are asked about by id: told from its records alone, without its data. */
import { type IdsOptions, readIds } from "../data/forget-list/index.ts";
import { packedKey, saltedKey } from "../data/listing.ts";
import type { ListedPart } from "../record/records.ts";
import { readRecords } from "../record/records.ts";
import { CoppiceError } from "../util/errors.ts";
import { RunFolder } from "./run-folder.ts";

/**
 * Where an image stands. `forgotten`: the run was to forget it; `trained on`: it is retained; `validation`, `test`: held out; `left out`: held out until a
 * request took it along, or not tested on since its class is forgotten; `unknown`: the run has no image of that id.
 */
export type Standing = "forgotten" | "trained on" | "validation" | "test" | "left out" | "unknown";

export interface IdStanding {
  readonly id: string;
  readonly standing: Standing;
}

/**
 * How each of `ids` stands in the run at `path`, in their order; an id that both parts of the data have comes twice.
 * @param ids or a file that lists them
 * @throws CoppiceError E_CHECKPOINT when it is no run, was changed, or is of an earlier version, which listed no images; E_DATA for a file without ids
 */
export function standingsOf(path: string, ids: readonly string[] | IdsFile): IdStanding[] {
  const lookUp = standingsIn(path);
  const isId = (id: string): boolean => lookUp(id).length > 0;
  const asked = "file" in ids ? readIds(ids.file, { ...ids, isId }) : ids;
  return asked.flatMap((id) => {
    const found = lookUp(id);
    return (found.length === 0 ? ["unknown" as const] : found).map((standing) => ({ id, standing }));
  });
}

/** A list, and which rows and which column of it are meant. */
export interface IdsFile extends Omit<IdsOptions, "isId"> {
  readonly file: string;
}

function standingsIn(path: string): (id: string) => Standing[] {
  const folder = RunFolder.open(path);
  const { recordsSha256 } = folder.readRecord().data;
  if (recordsSha256 === undefined) {
    throw new CoppiceError(
      "E_CHECKPOINT",
      `${path}: expected a run with a listing of its images, got one of an earlier version`,
      { hint: "make the run again with this version: earlier ones kept places in the data only" },
    );
  }
  const { listing } = readRecords(folder.file("records"), recordsSha256);
  const { forget, retain, withheld = [], validation, test } = folder.readSplit().indices;
  const train = standingsBy([
    ["forgotten", forget],
    ["trained on", [...retain, ...withheld]],
    ["validation", validation],
  ]);
  const parts = [
    { places: placesOf(listing.train), standings: train },
    { places: placesOf(listing.test), standings: standingsBy([["test", test]]) },
  ];
  return (id) => {
    const key = packedKey(saltedKey(listing.salt, id), 0);
    return parts.flatMap(({ places, standings }) => {
      const index = places.get(key);
      return index === undefined ? [] : [standings.get(index) ?? ("left out" as const)];
    });
  };
}

function standingsBy(lists: readonly (readonly [Standing, readonly number[]])[]): Map<number, Standing> {
  return new Map(lists.flatMap(([standing, indices]) => indices.map((index) => [index, standing] as const)));
}

function placesOf({ keys, count }: ListedPart): Map<string, number> {
  return new Map(Array.from({ length: count }, (_, index) => [packedKey(keys, index), index]));
}
