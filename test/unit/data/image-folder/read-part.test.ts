import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { ImageFile } from "../../../../src/data/image-folder/list-part.ts";
import { idOf, type PartFiles, readPart, type ReadPart } from "../../../../src/data/image-folder/read-part.ts";
import { ReadProgress } from "../../../../src/data/image-folder/read-progress.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const classNames = ["a", "b"];
const options = { resolution: 1, applyOrientation: false };

/** 40 grey images of one pixel, by turns of a and b, image i of the grey i; every fifth is damaged. */
function made(): ImageFile[] & { folder?: string } {
  const folder = temporaryFolder();
  for (const name of classNames) mkdirSync(join(folder, name));
  const files = Array.from({ length: 40 }, (_, i): ImageFile => {
    const label = i % 2;
    writeFileSync(join(folder, classNames[label] ?? "", `${i}`), i % 5 === 4 ? "P2 1 1 255" : `P2 1 1 255 ${i}`);
    return { label, name: `${i}`, kind: "PNM", position: 100 + i };
  });
  return Object.assign(files, { folder });
}

async function read(wanted: number, more: Partial<PartFiles> = {}): Promise<ReadPart> {
  const files = made();
  const part = {
    part: "train",
    folder: files.folder ?? "",
    classNames,
    chosen: [0, 1],
    files,
    wanted,
    ...more,
  } as const;
  return await readPart(part, options, new ReadProgress("reading", wanted, {}));
}

const good = Array.from({ length: 40 }, (_, i) => i).filter((i) => i % 5 !== 4);

it("reads all that can be decoded, and says which cannot", async () => {
  const { set, undecodable, traits } = await read(40);
  expect([...set.images]).toEqual(good.flatMap((i) => [i, i, i]));
  expect([...set.labels]).toEqual(good.map((i) => i % 2));
  expect(good.map((_, i) => [set.ids(i), set.positions?.(i)])).toEqual(
    good.map((i) => [`train/${"ab"[i % 2]}/${i}`, 100 + i]),
  );
  expect(set.digests?.length).toBe(16 * 32);
  expect(undecodable.map(({ name }) => Number(name))).toEqual([4, 9, 14, 19, 24, 29, 34, 39]);
  expect(undecodable[0]).toEqual({ label: 0, folder: "a", name: "4", kind: "damaged PNM images", isImage: true });
  expect([...traits]).toEqual([["grey", 32]]);
});

it("reads the first ones that can be decoded, and no more", async () => {
  const { set, undecodable } = await read(20);
  expect([...set.images]).toEqual(good.slice(0, 20).flatMap((i) => [i, i, i]));
  expect(set.labels).toHaveLength(20);
  expect(undecodable.length).toBe(4);
});

it("numbers classes in the order of the choice", async () => {
  expect([...(await read(2, { chosen: [1, 0] })).set.labels]).toEqual([1, 0]);
});

it("gives ids with all folders", () => {
  expect(idOf("test", classNames, { label: 1, name: "more/2.png", kind: "PNG", position: 0 })).toBe(
    "test/b/more/2.png",
  );
});

it("refuses a file that is gone or may not be read, rather than leaving it out", async () => {
  const files: ImageFile[] = [{ label: 0, name: "gone", kind: "PNG", position: 0 }];
  await expect(read(1, { files })).rejects.toMatchObject({
    code: "E_DATA",
    message: expect.stringContaining("no such file"),
  });
});
