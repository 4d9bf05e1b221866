/** Decodes the image files of one part into memory. */
import { join } from "node:path";
import { readRegularFileAsync } from "../../util/regular-file.ts";
import { labelsFor } from "../class-subset.ts";
import type { SetParts } from "../dataset.ts";
import { DIGEST_BYTES } from "../image-digest.ts";
import { CHANNELS, decode, type DecodedFile, type Decoding, Undecodable } from "./decode.ts";
import type { LeftOut } from "./left-out.ts";
import type { ImageFile } from "./list-part.ts";
import type { Trait } from "./raw-image.ts";
import type { ReadProgress } from "./read-progress.ts";

/** Images decoded at a time. */
const AT_ONCE = 16;

export interface PartFiles {
  readonly part: "train" | "test";
  readonly folder: string;
  /** Of all classes. */
  readonly classNames: readonly string[];
  /** Their numbers, in the order of the new labels. */
  readonly chosen: readonly number[];
  /** In the order of the data set. */
  readonly files: readonly ImageFile[];
  /** Images wanted: the first that can be decoded. */
  readonly wanted: number;
}

export interface ReadPart {
  readonly set: SetParts;
  /** Images with each trait. */
  readonly traits: ReadonlyMap<Trait, number>;
  readonly undecodable: readonly (LeftOut & { readonly label: number })[];
}

/** @throws CoppiceError E_DATA for a file that cannot be read; the reason of a signal when asked to stop */
export async function readPart(part: PartFiles, options: Decoding, progress: ReadProgress): Promise<ReadPart> {
  const { files, wanted, classNames } = part;
  const size = CHANNELS * options.resolution ** 2;
  const images = new Uint8Array(wanted * size);
  const digests = new Uint8Array(wanted * DIGEST_BYTES);
  const read: ImageFile[] = [];
  const traits = new Map<Trait, number>();
  const undecodable: (LeftOut & { label: number })[] = [];
  for (let next = 0; read.length < wanted && next < files.length;) {
    const some = files.slice(next, next + Math.min(AT_ONCE, wanted - read.length));
    next += some.length;
    const results = await Promise.all(some.map((file) => readFile(part, file, options, progress)));
    some.forEach((file, i) => {
      const result = results[i];
      if (result === undefined) return;
      if (result instanceof Undecodable) {
        const { label, name } = file;
        undecodable.push({ label, name, folder: classNames[label] ?? "", kind: result.kind, isImage: true });
        return;
      }
      images.set(result.planes, read.length * size);
      digests.set(result.digest, read.length * DIGEST_BYTES);
      for (const trait of result.traits) traits.set(trait, (traits.get(trait) ?? 0) + 1);
      read.push(file);
    });
  }
  const fit = <T extends Uint8Array>(bytes: T, each: number): T =>
    (read.length === wanted ? bytes : bytes.slice(0, read.length * each)) as T;
  const set = { images: fit(images, size), digests: fit(digests, DIGEST_BYTES), ...labelled(part, read) };
  return { set, traits, undecodable };
}

/** As `train/cat/more/2.png`. */
export function idOf(part: string, classNames: readonly string[], { label, name }: ImageFile): string {
  return `${part}/${classNames[label] ?? ""}/${name}`;
}

async function readFile(
  { folder, classNames }: PartFiles,
  { label, name, kind }: ImageFile,
  options: Decoding,
  progress: ReadProgress,
): Promise<DecodedFile | Undecodable> {
  const bytes = await readRegularFileAsync(join(folder, classNames[label] ?? "", name), "E_DATA");
  const result = await decode(bytes, kind, options).catch((error: unknown) => {
    if (error instanceof Undecodable) return error;
    throw error;
  });
  progress.step();
  return result;
}

function labelled(
  { part, classNames, chosen }: PartFiles,
  read: readonly ImageFile[],
): Pick<SetParts, "labels" | "ids" | "positions"> {
  const newLabel = new Map(chosen.map((number, label) => [number, label]));
  const labels = labelsFor(read.length, chosen.length);
  read.forEach(({ label }, i) => (labels[i] = newLabel.get(label) ?? 0));
  const ids = read.map((file) => idOf(part, classNames, file));
  const positions = read.map(({ position }) => position);
  return { labels, ids: (index) => ids[index] ?? "", positions: (index) => positions[index] ?? -1 };
}
