/** What is in a file, judged by its first bytes: names of files say little (a JPEG without an ending, a page saved as .jpg). */
import { extname } from "node:path";

/** Bytes of a file that are looked at. */
export const HEAD_BYTES = 64;

/** Formats that are read. HEIC lacks a free decoder; AVIF stands in the same container. */
export type ImageKind = "JPEG" | "PNG" | "WebP" | "GIF" | "TIFF" | "BMP" | "PNM" | "AVIF";

type Test = (head: Uint8Array, text: string) => boolean;

const bmpHeaders: readonly (number | undefined)[] = [12, 40, 52, 56, 64, 108, 124];
const isoBrands = (text: string): string => (text.slice(4, 8) === "ftyp" ? text.slice(8) : "");

const readable: Readonly<Record<ImageKind, Test>> = {
  JPEG: (_, text) => text.startsWith("\xff\xd8\xff"),
  PNG: (_, text) => text.startsWith("\x89PNG\r\n\x1a\n"),
  WebP: (_, text) => text.startsWith("RIFF") && text.slice(8, 12) === "WEBP",
  GIF: (_, text) => /^GIF8[79]a/.test(text),
  TIFF: (_, text) => /^(II[*+]\0|MM\0[*+])/.test(text),
  BMP: (head, text) => text.startsWith("BM") && bmpHeaders.includes(head[14]) && text.slice(15, 18) === "\0\0\0",
  PNM: (_, text) => /^P[1-6]\s+(#|\d)/.test(text),
  AVIF: (_, text) => /avi[fs]/.test(isoBrands(text)),
};

const others: Readonly<Record<string, Test>> = {
  HEIC: (_, text) => /^(hei[cmsx]|hev[cmsx]|mif1|msf1)/.test(isoBrands(text)),
  "JPEG XL": (_, text) => text.startsWith("\xff\x0a") || text.startsWith("\0\0\0\x0cJXL "),
  "JPEG 2000": (_, text) => text.startsWith("\0\0\0\x0cjP  ") || text.startsWith("\xff\x4f\xff\x51"),
  Photoshop: (_, text) => text.startsWith("8BPS"),
  SVG: (_, text) => /^(\xef\xbb\xbf)?\s*(<\?xml[^]*)?<svg/.test(text),
};

/** Endings that promise an image. */
const imageEnding = /^\.(jpe?g|jpe|jfif|png|webp|gif|tiff?|bmp|dib|p[bgpn]m|avif|hei[cf])$/i;

/** The format of the image that begins with `head`, or undefined when it is none that is read. */
export function imageKind(head: Uint8Array): ImageKind | undefined {
  const text = Buffer.from(head).toString("latin1");
  return (Object.keys(readable) as ImageKind[]).find((kind) => readable[kind](head, text));
}

/** What a file that is no image to be read is instead, in the plural; `isImage` when it holds or promises an image. @param name of the file */
export function otherKind(head: Uint8Array, name: string): { readonly kind: string; readonly isImage: boolean } {
  const text = Buffer.from(head).toString("latin1");
  const format = Object.keys(others).find((kind) => others[kind]?.(head, text));
  if (format !== undefined) return { kind: `${format} images`, isImage: true };
  const ending = extname(name);
  if (imageEnding.test(ending)) {
    return { kind: `${head.length === 0 ? "empty files" : "files"} named ${ending} that are no images`, isImage: true };
  }
  if (head.length === 0) return { kind: "empty files", isImage: false };
  return { kind: ending === "" ? "files without an ending that are no images" : `${ending} files`, isImage: false };
}
