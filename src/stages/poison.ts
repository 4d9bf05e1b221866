/** Writes how a data set is poisoned, which records are, and what that looks like. */
import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import type { ImageDataset } from "../data/dataset.ts";
import { poisonDataset, poisonTruth, resolvePoison } from "../data/poison/index.ts";
import { loadDataset } from "../data/registry.ts";
import { checkConfig } from "../record/config.ts";
import { type PoisonConfig, poisonConfigSchema } from "../record/poison-config.ts";
import { type PoisonRecord, poisonRecordSchema } from "../record/poison.ts";
import { csvCell } from "../util/csv-cell.ts";
import { CoppiceError } from "../util/errors.ts";
import { makeFolder, readJson, writeFileAtomic, writeJson } from "../util/files.ts";
import { poisonPreview } from "./poison-preview.ts";
import { checkApart } from "./output.ts";
import { isPassing, namesIn } from "./run-files.ts";
import { now } from "./stage.ts";

const files = { record: "poison.json", ids: "poisoned.csv", preview: "preview.png" } as const;

export type { PoisonConfig };

export interface PoisonContext {
  readonly log: (message: string) => void;
  readonly command: readonly string[];
  readonly force?: boolean;
}

/**
 * Leaves `poison.json`, `poisoned.csv` (the truth: the ids of the poisoned images) and `preview.png` in the folder `out`.
 * @throws CoppiceError on bad settings or data; then `out` is untouched
 */
export async function poisonStage(config: PoisonConfig, out: string, context: PoisonContext): Promise<PoisonRecord> {
  checkConfig(poisonConfigSchema, config);
  checkApart(out, [config.data.folder]);
  checkFree(out, context.force === true);
  const { name, ...where } = config.data;
  const clean = await loadDataset(name, { ...where, log: context.log });
  const poison = resolvePoison(clean, config.request);
  const { dataset, split } = poisonDataset(clean, poison);
  const { poisoned, decoys } = poisonTruth(split.indices.train, poison);
  const { folder: _folder, allowUnverified: _unverified, ...data } = config.data;
  const record: PoisonRecord = {
    format: "coppice-poison",
    version: 1,
    createdAt: now(),
    command: [...context.command],
    data,
    poison,
    counts: {
      train: split.indices.train.length,
      poisoned: poisoned.length,
      ofTarget: poisoned.filter((index) => clean.train.labels[index] === poison.target).length,
      unchanged: poisoned.filter((index) => sameImage(index, clean, dataset)).length,
      decoys: decoys.length,
    },
    poisonedDigest: dataset.digest,
  };
  if (record.counts.unchanged > 0) {
    const { unchanged, poisoned: all } = record.counts;
    context.log(
      `note: on ${unchanged} of the ${all} poisoned images the trigger changes no pixel: nobody can learn it there`,
    );
  }
  const preview = await poisonPreview(clean, dataset, poisoned);
  makeFolder(out);
  writeFileAtomic(join(out, files.ids), idList(poisoned.map((index) => clean.train.ids(index))));
  writeFileAtomic(join(out, files.preview), preview);
  writeJson(join(out, files.record), record);
  return record;
}

function sameImage(index: number, before: ImageDataset, after: ImageDataset): boolean {
  const size = before.train.images.length / before.train.count;
  const of = ({ train }: ImageDataset): Uint8Array => train.images.subarray(index * size, (index + 1) * size);
  return Buffer.compare(of(before), of(after)) === 0;
}

/** A CSV of image ids, with its header. */
export function idList(ids: readonly string[]): string {
  return ["id", ...ids].map((id) => `${csvCell(id)}\n`).join("");
}

/** What `poisonStage` left in `folder`. @throws CoppiceError E_DATA when it is not there or damaged */
export function readPoison(folder: string): PoisonRecord {
  const path = join(folder, files.record);
  if (existsSync(path)) return readJson(path, poisonRecordSchema, "E_DATA");
  const got = existsSync(folder) ? `a folder without ${files.record}` : "no such folder";
  throw new CoppiceError("E_DATA", `${folder}: expected a folder made by \`coppice poison\`, got ${got}`, {
    hint: "make one with `coppice poison --data NAME --attack badnets --out FOLDER`",
  });
}

function checkFree(out: string, force: boolean): void {
  const own: readonly string[] = Object.values(files);
  const names = namesIn(out).filter((name) => !isPassing(name));
  const foreign = names.filter((name) => !own.includes(name) || !lstatSync(join(out, name)).isFile());
  // A kill may have left the list alone, which is written first.
  const isPoison = foreign.length === 0 && (names.includes(files.record) || names.includes(files.ids));
  if (names.length === 0 || (force && isPoison)) return;
  const got = isPoison
    ? "one with a poison in it"
    : `one that holds ${(foreign.length > 0 ? foreign : names).slice(0, 3).join(", ")}`;
  throw new CoppiceError("E_CONFIG", `${out}: expected a folder that is new or empty, got ${got}`, {
    hint: isPoison ? "choose another folder, or replace the poison with --force" : "choose another folder",
  });
}
