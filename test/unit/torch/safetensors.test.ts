import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tensor, zeros } from "../../../src/torch/create.ts";
import { dtypes } from "../../../src/torch/dtype.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  loadSafetensors,
  saveSafetensors,
} from "../../../src/torch/safetensors.ts";
import { liveTensors, scope } from "../../../src/torch/scope.ts";
import type { Tensor } from "../../../src/torch/tensor.ts";
import { readGolden, readGoldenTensors } from "../../support/golden.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { thrownBy } from "../../support/thrown-by.ts";

/** A file as any writer may make it: header length, header, data. */
function fileOf(header: string | Uint8Array, data: readonly number[] = [], length?: bigint): Buffer {
  const text = Buffer.from(header);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(length ?? BigInt(text.length));
  return Buffer.concat([size, text, Buffer.from(data)]);
}

const entry = (dtype: string, shape: unknown, offsets: unknown): string =>
  `{"dtype":${JSON.stringify(dtype)},"shape":${JSON.stringify(shape)},"data_offsets":${JSON.stringify(offsets)}}`;

describe("what is written", () => {
  it("is read back: every type, shape, order and text", () => {
    const path = join(temporaryFolder(), "model.safetensors");
    const tensors = new Map<string, Tensor>();
    for (const dtype of dtypes) tensors.set(`of ${dtype}`, tensor([1, 0, 1, 1], { dtype, shape: [2, 2] }));
    tensors.set("scalar", tensor([7], { shape: [] }));
    tensors.set("none", zeros([3, 0, 2]));
    tensors.set('Ünïcode "quoted" \\ \u0000 😀', tensor([NaN, -Infinity, -0]));
    tensors.set("10", tensor([10])); // JavaScript orders such keys before others
    tensors.set("2", tensor([2]));
    tensors.set("__proto__", tensor([3]));
    tensors.set("constructor", tensor([4]));
    saveSafetensors(path, tensors, { format: "pt", "": "ü" });
    const { tensors: read, metadata } = loadSafetensors(path);
    expect(metadata).toEqual({ format: "pt", "": "ü" });
    expect([...read.keys()]).toEqual([...tensors.keys()]);
    for (const [name, expected] of tensors) {
      const got = read.get(name);
      expect([got?.dtype, got?.shape, got?.toArray()]).toEqual([expected.dtype, expected.shape, expected.toArray()]);
    }
  });

  it("is the format's bytes", () => {
    const tensors = new Map([
      ["a", tensor([1, -2])],
      ["b", tensor([1], { dtype: "bool" })],
    ]);
    const header = `{"__metadata__":{"k":"v"},"a":${entry("F32", [2], [0, 8])},"b":${entry("BOOL", [1], [8, 9])}}`;
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    const expected = fileOf(padded, [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 1]);
    expect(Buffer.from(encodeSafetensors(tensors, { k: "v" }))).toEqual(expected);
  });

  it("is the same for the same content, whatever the layout in memory and the gradients", () => {
    const x = tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3] });
    const turned = x.t().contiguous().t();
    turned.requiresGrad = true;
    const bytes = [x, turned].map((values) => encodeSafetensors(new Map([["x", values]])));
    expect(bytes[1]).toEqual(bytes[0]);
  });

  it("leaves no tensors behind", () => {
    const x = zeros([2, 3]).t();
    const before = liveTensors();
    encodeSafetensors(new Map([["x", x]]));
    expect(liveTensors()).toBe(before);
  });

  it("may be nothing at all", () => {
    const { tensors, metadata } = decodeSafetensors(encodeSafetensors(new Map()), "empty");
    expect([tensors.size, metadata]).toEqual([0, {}]);
  });

  it("cannot be what would not be read", () => {
    const x = zeros([1]);
    const reserved = thrownBy(() => encodeSafetensors(new Map([["__metadata__", x]])));
    expect(reserved.message).toContain("expected another name than __metadata__");
    const metadata = { epochs: 5 } as unknown as Record<string, string>;
    expect(thrownBy(() => encodeSafetensors(new Map(), metadata)).message).toBe(
      "safetensors.metadata.epochs: expected text, got number",
    );
    x.dispose();
    expect(thrownBy(() => encodeSafetensors(new Map([["x", x]]))).message).toContain("disposed");
  });
});

describe("what other writers make", () => {
  it("may have white space, another order of keys, odd alignment and shared beginnings of empty tensors", () => {
    const header = `{ "late" : ${entry("F32", [1], [1, 5])} ,\n "first":${entry("U8", [1], [0, 1])},
      "none": ${entry("I64", [0, 5], [1, 1])} }`;
    const { tensors } = decodeSafetensors(fileOf(header, [9, 0, 0, 0x80, 0x3f]), "file");
    expect([...tensors.keys()]).toEqual(["first", "none", "late"]);
    expect(tensors.get("late")?.item()).toBe(1);
    expect(tensors.get("first")?.item()).toBe(9);
    expect(tensors.get("none")?.shape).toEqual([0, 5]);
  });

  it("may lie anywhere in a larger array", () => {
    const file = fileOf(`{"x":${entry("I16", [2], [0, 4])}}`, [1, 0, 2, 0]);
    for (const before of [0, 1, 3, 8]) {
      const larger = Buffer.concat([Buffer.alloc(before), file]);
      const { tensors } = decodeSafetensors(larger.subarray(before), "file");
      expect(tensors.get("x")?.toArray()).toEqual([1, 2]);
    }
  });
});

const one = entry("U8", [1], [0, 1]);
const hostile: [what: string, file: Uint8Array, message: string][] = [
  ["nothing", Buffer.alloc(0), "expected at least 8 bytes, got 0"],
  ["seven bytes", Buffer.alloc(7), "expected at least 8 bytes, got 7"],
  ["a length of more than the file", fileOf("{}", [], 3n), "expected a header of at most 2 bytes, got 3"],
  ["a huge length", fileOf("{}", [], 2n ** 64n - 1n), "expected a header of at most 2 bytes, got 18446744073709551615"],
  ["a length beyond what doubles hold", fileOf("{}", [], 2n ** 53n + 1n), "of at most 2 bytes, got 9007199254740993"],
  ["an empty header", fileOf(""), "expected a header in JSON"],
  ["other bytes than JSON", fileOf("PK\u0003\u0004 a zip file"), "expected a header in JSON"],
  ["half of a header", fileOf(`{"a":${one}`.slice(0, 20)), "expected a header in JSON"],
  ["other bytes than UTF-8", fileOf(Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d)), "expected a header in UTF-8"],
  ["a list", fileOf("[]"), "expected a JSON object as header, got []"],
  ["null", fileOf("null"), "expected a JSON object as header, got null"],
  ["a number", fileOf("5"), "expected a JSON object as header, got 5"],
  ["an entry of null", fileOf('{"a":null}'), '"a": expected a dtype of U8'],
  ["an entry of text", fileOf('{"a":"F32"}'), '"a": expected a dtype of U8'],
  ["no dtype", fileOf('{"a":{"shape":[1],"data_offsets":[0,1]}}', [1]), "got undefined"],
  ["an unknown dtype", fileOf(`{"a":${entry("F8_E4M3", [1], [0, 1])}}`, [1]), "F64, BOOL, got F8_E4M3"],
  ["a dtype of objects", fileOf(`{"a":${entry("constructor", [1], [0, 1])}}`, [1]), "got constructor"],
  ["no shape", fileOf('{"a":{"dtype":"U8","data_offsets":[0,1]}}', [1]), "expected a shape of whole numbers"],
  ["a negative size", fileOf(`{"a":${entry("U8", [-1], [0, 1])}}`, [1]), "expected a shape of whole numbers, got [-1]"],
  ["half a size", fileOf(`{"a":${entry("U8", [0.5, 2], [0, 1])}}`, [1]), "got [0.5,2]"],
  ["a size in text", fileOf(`{"a":${entry("U8", ["1"], [0, 1])}}`, [1]), 'got ["1"]'],
  ["a size beyond integers", fileOf(`{"a":${entry("U8", [1e300], [0, 1])}}`, [1]), "got [1e+300]"],
  ["sizes whose product overflows", fileOf(`{"a":${entry("U8", [2 ** 52, 2 ** 52], [0, 1])}}`, [1]), "bytes for uint8"],
  ["a shape of too many", fileOf(`{"a":${entry("F32", [2], [0, 4])}}`, [0, 0, 0, 0]), "8 bytes for float32 [2], got 4"],
  ["a shape of too few", fileOf(`{"a":${entry("U8", [1], [0, 2])}}`, [1, 2]), "1 bytes for uint8 [1], got 2"],
  ["no offsets", fileOf('{"a":{"dtype":"U8","shape":[1]}}', [1]), "expected two data offsets"],
  ["one offset", fileOf(`{"a":${entry("U8", [1], [0])}}`, [1]), "expected two data offsets, got [0]"],
  ["three offsets", fileOf(`{"a":${entry("U8", [1], [0, 1, 1])}}`, [1]), "expected two data offsets"],
  ["negative offsets", fileOf(`{"a":${entry("U8", [1], [-1, 0])}}`, [1]), "expected two data offsets, got [-1,0]"],
  ["offsets the wrong way round", fileOf(`{"a":${entry("U8", [1], [1, 0])}}`, [1]), "1 bytes for uint8 [1], got -1"],
  [
    "offsets beyond the file",
    fileOf(`{"a":${entry("U8", [2], [0, 2])}}`, [1]),
    "within the 1 bytes there are, got an end at 2",
  ],
  ["a hole before the first", fileOf(`{"a":${entry("U8", [1], [1, 2])}}`, [1, 2]), "data from byte 0, got 1 (a hole)"],
  [
    "a hole between",
    fileOf(`{"a":${one},"b":${entry("U8", [1], [2, 3])}}`, [1, 2, 3]),
    '"b": expected data from byte 1, got 2 (a hole)',
  ],
  [
    "overlapping tensors",
    fileOf(`{"a":${entry("U8", [2], [0, 2])},"b":${entry("U8", [2], [1, 3])}}`, [1, 2, 3]),
    '"b": expected data from byte 2, got 1 (overlapping)',
  ],
  ["the same data twice", fileOf(`{"a":${one},"b":${one}}`, [1]), "(overlapping)"],
  ["data after the last", fileOf(`{"a":${one}}`, [1, 2]), "expected 1 bytes of data, got 2"],
  ["a truncated end", fileOf(`{"a":${entry("F64", [1], [0, 8])}}`, [1, 2, 3]), "within the 3 bytes there are"],
  ["one name twice", fileOf(`{"a":${one},"a":${one}}`, [1]), 'expected each name once, got "a" twice'],
  ["one name twice, once escaped", fileOf(`{"a":${one},"\\u0061":${one}}`, [1]), 'got "a" twice'],
  ["one name twice, far from its colon", fileOf(`{"a"${" ".repeat(200)}:${one},"a":${one}}`, [1]), 'got "a" twice'],
  [
    "two offsets fields",
    fileOf(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[5,6],"data_offsets":[0,1]}}`, [1]),
    'got "data_offsets" twice',
  ],
  ["two metadata", fileOf(`{"__metadata__":{},"__metadata__":{"a":"b"}}`), 'got "__metadata__" twice'],
  ["metadata of numbers", fileOf('{"__metadata__":{"epoch":5}}'), "expected __metadata__ with text values"],
  ["metadata of null", fileOf('{"__metadata__":null}'), "expected __metadata__ with text values, got null"],
  ["metadata of text", fileOf('{"__metadata__":"x"}'), "expected __metadata__ with text values"],
  ["a list as metadata", fileOf('{"__metadata__":["x"]}'), "expected __metadata__ with text values"],
  ["a bool that is neither", fileOf(`{"a":${entry("BOOL", [2], [0, 2])}}`, [1, 2]), "the bytes 0 and 1 for BOOL"],
];

describe("a hostile file", () => {
  it.each(hostile)("with %s is refused", (_, file, message) => {
    const error = thrownBy(() => scope(() => decodeSafetensors(file, "some/file")));
    expect(error.code).toBe("E_CHECKPOINT");
    expect(error.message).toMatch(/^some\/file: /);
    expect(error.message).toContain(message);
  });

  it("truncated at any byte is refused", () => {
    const file = encodeSafetensors(new Map([["a", tensor([1, 2])]]), { k: "v" });
    for (let length = 0; length < file.length; length++) {
      const error = thrownBy(() => scope(() => decodeSafetensors(file.subarray(0, length), "file")));
      expect(error.code).toBe("E_CHECKPOINT");
    }
  });

  it("with any byte changed is read or refused, and nothing else", () => {
    const file = encodeSafetensors(new Map([["ab", tensor([1], { dtype: "int64" })]]), { k: "v" });
    for (let at = 0; at < file.length; at++) {
      for (const value of [0, 0x22, 0x2d, 0x39, 0x7b, 0xff]) {
        const changed = Uint8Array.from(file);
        changed[at] = value;
        try {
          scope(() => decodeSafetensors(changed, "file"));
        } catch (error) {
          expect(error).toMatchObject({ name: "CoppiceError", code: "E_CHECKPOINT" });
        }
      }
    }
  });

  it("with a name of megabytes is read", () => {
    for (const name of ["x".repeat(5_000_000), "\\n".repeat(2_000_000)]) {
      const { tensors } = decodeSafetensors(fileOf(`{"${name}":${one}}`, [1]), "file");
      expect(tensors.size).toBe(1);
    }
  });
});

describe("loadSafetensors", () => {
  it("names files that are missing, folders, empty or too large for any memory", () => {
    const folder = temporaryFolder();
    const message = (path: string): string => {
      const error = thrownBy(() => loadSafetensors(path));
      expect(error.code).toBe("E_CHECKPOINT");
      return error.message;
    };
    const missing = join(folder, "none");
    expect(message(missing)).toBe(`${missing}: expected a safetensors file, got no such file`);
    expect(message(folder)).toBe(`${folder}: expected a safetensors file, got a folder`);
    const huge = join(folder, "huge");
    const descriptor = openSync(huge, "w");
    ftruncateSync(descriptor, 2 ** 42); // takes no place on the disk
    closeSync(descriptor);
    expect(message(huge)).toMatch(/huge: expected a safetensors file, got .*allocation failed/);
    writeFileSync(huge, "");
    expect(message(huge)).toContain("expected at least 8 bytes, got 0");
  });
});

describe("saveSafetensors", () => {
  it("replaces the file before, and leaves nothing else in the folder", () => {
    const folder = temporaryFolder();
    const path = join(folder, "model.safetensors");
    saveSafetensors(path, new Map([["a", tensor([1])]]));
    saveSafetensors(path, new Map([["a", tensor([2])]]));
    expect(loadSafetensors(path).tensors.get("a")?.item()).toBe(2);
    expect(readdirSync(folder)).toEqual(["model.safetensors"]);
  });

  it.runIf(existsSync("/dev/full"))("leaves the file before as it was when the disk is full", () => {
    const folder = temporaryFolder();
    const path = join(folder, "model.safetensors");
    saveSafetensors(path, new Map([["a", tensor([1])]]));
    const before = readFileSync(path);
    // The temporary file's name is known, so a link can lead it to the device that is always full.
    symlinkSync("/dev/full", join(folder, `.model.safetensors.${process.pid}.tmp`));
    const error = thrownBy(() => saveSafetensors(path, new Map([["a", tensor([2])]])));
    expect(error.code).toBe("E_CONFIG");
    expect(error.message).toContain(`${path}: expected a place to write to, got a full disk (ENOSPC)`);
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(folder)).toEqual(["model.safetensors"]);
  });

  it("refuses a folder that is not there, or is none, and touches nothing", () => {
    const folder = temporaryFolder();
    const file = join(folder, "file");
    writeFileSync(file, "before");
    for (const path of [join(folder, "none", "model"), join(file, "model"), folder]) {
      const error = thrownBy(() => saveSafetensors(path, new Map([["a", tensor([2])]])));
      expect(error.code).toBe("E_CONFIG");
      expect(error.message).toContain(`${path}: expected a place to write to`);
    }
    expect(readFileSync(file, "utf8")).toBe("before");
    expect(readdirSync(folder)).toEqual(["file"]);
  });
});

describe("safetensors of another writer", () => {
  it.each(["base/data.safetensors", "masks/masks.safetensors", "metrics/features.safetensors"])("%s", (name) => {
    const expected = readGoldenTensors(name);
    const path = join(temporaryFolder(), "written-elsewhere.safetensors");
    writeFileSync(path, readGolden(name));
    const { tensors } = loadSafetensors(path);
    expect([...tensors.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [key, { dtype, shape, data }] of expected) {
      const got = tensors.get(key);
      expect([got?.dtype, got?.shape]).toEqual([dtype, shape]);
      expect(got?.data()).toEqual(data);
    }
  });
});
