/** Data sets of images of one pixel, as a reader of a folder would give them: from the files that are there, in their order. */
import type { DatasetParts, ImageDataset, LoadOptions } from "../../src/data/dataset.ts";
import { imageDigests } from "../../src/data/image-digest.ts";
import { makeDataset } from "../../src/data/make-dataset.ts";

export interface TinyFile {
  readonly part: "train" | "test";
  /** Its class, by name. */
  readonly of: string;
  readonly name: string;
  readonly pixel: number;
}

const shape = { channels: 1, height: 1, width: 1 };

/** Ids `train/CLASS/NAME`; classes in the order of their names. */
export function tinyImages(files: readonly TinyFile[], options: LoadOptions = {}): ImageDataset {
  const classNames = [...new Set(files.map(({ of }) => of))].toSorted();
  const part = (wanted: TinyFile["part"]): DatasetParts["train"] => {
    const own = files.filter((file) => file.part === wanted);
    const images = Uint8Array.from(own, ({ pixel }) => pixel);
    return {
      images,
      labels: Uint8Array.from(own, ({ of }) => classNames.indexOf(of)),
      ids: (index) => idOf(own[index] ?? { part: wanted, of: "", name: "", pixel: 0 }),
      digests: imageDigests(shape, images),
    };
  };
  return makeDataset(
    {
      ...shape,
      name: "tiny",
      classNames,
      train: part("train"),
      test: part("test"),
      verified: false,
      provenance: null,
      source: "here",
      mean: [0.5],
      std: [0.25],
      augment: false,
    },
    options,
  );
}

export function idOf({ part, of, name }: TinyFile): string {
  return `${part}/${of}/${name}`;
}
