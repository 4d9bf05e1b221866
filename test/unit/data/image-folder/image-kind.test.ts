import { expect, it } from "vitest";
import { HEAD_BYTES, imageKind, otherKind } from "../../../../src/data/image-folder/image-kind.ts";

const head = (text: string): Uint8Array => Buffer.from(text.padEnd(HEAD_BYTES, "\0"), "latin1");

it.each([
  ["JPEG", "\xff\xd8\xff\xe0\0\x10JFIF"],
  ["JPEG", "\xff\xd8\xff\xe1\0\x10Exif"],
  ["PNG", "\x89PNG\r\n\x1a\n"],
  ["WebP", "RIFF\0\0\0\0WEBPVP8 "],
  ["GIF", "GIF87a"],
  ["GIF", "GIF89a"],
  ["TIFF", "II*\0"],
  ["TIFF", "MM\0*"],
  ["TIFF", "II+\0"],
  ["BMP", `BM${"\0".repeat(12)}\x28\0\0\0`],
  ["BMP", `BM${"\0".repeat(12)}\x7c\0\0\0`],
  ["PNM", "P6\n2 2\n255\n"],
  ["PNM", "P1 # a comment\n2 2"],
  ["AVIF", "\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf"],
  ["AVIF", "\0\0\0\x1cftypmif1\0\0\0\0mif1avif"],
] as const)("knows %s by its first bytes", (kind, text) => {
  expect(imageKind(head(text))).toBe(kind);
});

it.each([
  "BMW is a car and this is a text",
  "P9 is no kind",
  "Page 6",
  "P6x",
  "RIFF\0\0\0\0WAVEfmt ",
  "GIF of the day",
  "\0\0\0\x18ftypmp42\0\0\0\0isom",
  "\xff\xd8",
  "",
])("takes %j for no image", (text) => {
  expect(imageKind(Buffer.from(text, "latin1"))).toBeUndefined();
});

it.each([
  ["HEIC images", "\0\0\0\x18ftypheic\0\0\0\0mif1heic", "6.heic"],
  ["HEIC images", "\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "photo.jpg"],
  ["JPEG XL images", "\xff\x0a", "1"],
  ["JPEG 2000 images", "\0\0\0\x0cjP  \r\n", "1.jp2"],
  ["Photoshop images", "8BPS\0\x01", "1.psd"],
  ["SVG images", '<?xml version="1.0"?>\n<svg xmlns', "1.svg"],
  ["files named .jpg that are no images", "<!DOCTYPE html>", "page.jpg"],
  ["files named .heic that are no images", "x", "6.heic"],
])("counts %s as images that are lost", (kind, text, name) => {
  expect(otherKind(head(text), name)).toEqual({ kind, isImage: true });
});

it.each([
  [".db files", "\xd0\xcf\x11\xe0", "Thumbs.db"],
  [".txt files", "a text", "notes.txt"],
  ["files without an ending that are no images", "a text", "README"],
])("counts %s apart", (kind, text, name) => {
  expect(otherKind(head(text), name)).toEqual({ kind, isImage: false });
});

it("tells empty files", () => {
  expect(otherKind(new Uint8Array(), "1.png")).toEqual({
    kind: "empty files named .png that are no images",
    isImage: true,
  });
  expect(otherKind(new Uint8Array(), "keep")).toEqual({ kind: "empty files", isImage: false });
});
