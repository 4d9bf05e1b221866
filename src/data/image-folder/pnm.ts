/**
 * Reads PBM, PGM and PPM files, plain (P1 to P3) and raw (P4 to P6), of up to 16 bits a sample.
 *
 * Source  Netpbm, "PBM Format Specification", "PGM Format Specification", "PPM Format Specification"
 */
import { blankImage, DamagedImage, type Decoded, type Trait } from "./raw-image.ts";

/** @throws DamagedImage for a file that is cut short or damaged */
export function readPnm(bytes: Uint8Array): Decoded {
  const kind = (bytes[1] ?? 0) - 48;
  const isBits = kind === 1 || kind === 4;
  const header = new Tokens(bytes, 2);
  const [width, height, most] = [header.number(), header.number(), isBits ? 1 : header.number()];
  if (most < 1 || most > 65535) throw new DamagedImage(`samples up to ${most}`);
  const image = blankImage(width, height);
  const perPixel = kind === 3 || kind === 6 ? 3 : 1;
  const samples = { bytes, width, count: width * height * perPixel, most };
  const next =
    kind === 1 ? plainBits(header) : kind <= 3 ? () => header.number() : rawSamples(samples, header.at + 1, isBits);
  for (let i = 0; i < samples.count; i++) {
    const sample = next(i);
    if (sample > most) throw new DamagedImage(`a sample of ${sample} where ${most} is the most`);
    const value = Math.round(((isBits ? 1 - sample : sample) * 255) / most);
    if (perPixel === 3) image.rgb[i] = value;
    else image.rgb.fill(value, 3 * i, 3 * i + 3);
  }
  const traits: Trait[] = [
    ...(perPixel === 1 ? (["grey"] as const) : []),
    ...(most > 255 ? (["16-bit"] as const) : []),
  ];
  return { ...image, traits };
}

const isSpace = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);

/** Numbers between white space and comments, which go from # to the end of the line. */
class Tokens {
  at: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.at = start;
  }

  /** One digit after white space and comments, which need not be there. */
  digit(): number {
    this.#skip();
    return this.#digitHere() ?? this.#fail();
  }

  number(): number {
    let value = this.digit();
    for (let digit = this.#digitHere(); digit !== undefined && value < 1e9; digit = this.#digitHere())
      value = 10 * value + digit;
    return value;
  }

  #digitHere(): number | undefined {
    const digit = (this.#bytes[this.at] ?? 0) - 48;
    if (digit < 0 || digit > 9) return undefined;
    this.at++;
    return digit;
  }

  #skip(): void {
    for (;;) {
      const byte = this.#bytes[this.at] ?? this.#fail();
      if (byte === 35) while (![10, 13].includes(this.#bytes[this.at] ?? this.#fail())) this.at++;
      else if (!isSpace(byte)) return;
      this.at++;
    }
  }

  #fail(): never {
    throw new DamagedImage(this.at < this.#bytes.length ? "something else than a number" : "a file that is cut short");
  }
}

/** The digits of a plain PBM need no space between them. */
function plainBits(header: Tokens): () => number {
  return () => header.digit();
}

interface Samples {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly count: number;
  readonly most: number;
}

/** Big-endian; of a PBM eight pixels a byte, each row in whole bytes. */
function rawSamples({ bytes, width, count, most }: Samples, start: number, isBits: boolean): (i: number) => number {
  const stride = Math.ceil(width / 8);
  const size = most > 255 ? 2 : 1;
  const end = start + (isBits ? stride * (count / width) : count * size);
  if (bytes.length < end) throw new DamagedImage(`${bytes.length} of ${end} bytes`);
  if (isBits) {
    return (i) => {
      const x = i % width;
      return ((bytes[start + Math.floor(i / width) * stride + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1;
    };
  }
  if (size === 1) return (i) => bytes[start + i] ?? 0;
  return (i) => 256 * (bytes[start + 2 * i] ?? 0) + (bytes[start + 2 * i + 1] ?? 0);
}
