import * as fs from "node:fs";
import {
  existsSync,
  symlinkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { CoppiceError } from "../../../src/util/errors.ts";
import {
  appendLine,
  createExclusively,
  makeFolder,
  removeFolders,
  readJson,
  readText,
  temporaryFileOwner,
  writeFileAtomic,
  writeJson,
} from "../../../src/util/files.ts";
import { specialFiles } from "../../support/special-files.ts";
import { thrownBy } from "../../support/thrown-by.ts";

// A full or read-only disk cannot be had in a test everywhere: the system calls themselves fail instead.
vi.mock("node:fs", async (original) => {
  const real = await original<typeof fs>();
  const spied = {
    writeSync: vi.fn(real.writeSync),
    openSync: vi.fn(real.openSync),
    fsyncSync: vi.fn(real.fsyncSync),
    linkSync: vi.fn(real.linkSync),
  };
  return { ...real, ...spied };
});

const systemError = (code: string): Error => Object.assign(new Error(`${code}: it failed`), { code });
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "coppice-files-"));
  path = join(folder, "run.json");
});
afterEach(() => {
  vi.resetAllMocks(); // back to the real calls
  rmSync(folder, { recursive: true });
});

describe("writeFileAtomic", () => {
  it("writes text, bytes and pieces, and replaces what was there", () => {
    writeFileAtomic(path, "grün");
    expect(readFileSync(path, "utf8")).toBe("grün");
    writeFileAtomic(path, new Uint8Array([1, 2, 3]));
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
    writeFileAtomic(path, ["a", new Uint8Array([98]), "", "c"]);
    expect(readFileSync(path, "utf8")).toBe("abc");
    expect(readdirSync(folder)).toEqual(["run.json"]);
  });

  it("goes on after a short write", () => {
    const short = vi.mocked(fs.writeSync);
    const real = short.getMockImplementation() as unknown as (
      file: number,
      bytes: Uint8Array,
      at: number,
      n: number,
    ) => number;
    short.mockImplementationOnce(((file: number, bytes: Uint8Array, at: number) => real(file, bytes, at, 2)) as never);
    writeFileAtomic(path, "abcdef");
    expect(readFileSync(path, "utf8")).toBe("abcdef");
  });

  it.each(["ENOSPC", "EDQUOT", "EIO"])("keeps the earlier file and leaves nothing behind on %s", (code) => {
    writeFileSync(path, "earlier");
    const pieces = function* (): Generator<string> {
      yield "half of it";
      vi.mocked(fs.writeSync).mockImplementationOnce(() => {
        throw systemError(code);
      });
      yield "the rest";
    };
    const error = thrownBy(() => writeFileAtomic(path, pieces()));
    expect(error.code).toBe("E_CONFIG");
    expect(error.message).toContain(`${path}: expected a place to write to, got`);
    expect(error.message).toContain(code);
    expect(error.hint).toMatch(/choose another folder/);
    expect(readFileSync(path, "utf8")).toBe("earlier");
    expect(readdirSync(folder)).toEqual(["run.json"]);
  });

  it("keeps the earlier file when the disk turns out full only on flushing", () => {
    writeFileSync(path, "earlier");
    vi.mocked(fs.fsyncSync).mockImplementationOnce(() => {
      throw systemError("ENOSPC");
    });
    expect(thrownBy(() => writeFileAtomic(path, "new")).message).toContain("a full disk");
    expect(readFileSync(path, "utf8")).toBe("earlier");
    expect(readdirSync(folder)).toEqual(["run.json"]);
  });

  it.each(["EACCES", "EPERM", "EROFS"])("says what to do on %s", (code) => {
    vi.mocked(fs.openSync).mockImplementationOnce(() => {
      throw systemError(code);
    });
    const { message, hint } = thrownBy(() => writeFileAtomic(path, "new"));
    expect(message).toMatch(new RegExp(`read-only file system|may not write to.*${code}`));
    expect(hint).toMatch(/choose/);
  });

  it("names a missing folder, a file in the place of a folder, and a folder in the place of the file", () => {
    expect(thrownBy(() => writeFileAtomic(join(folder, "no", "run.json"), "")).message).toContain(
      "a folder that does not exist",
    );
    writeFileSync(path, "file");
    expect(thrownBy(() => writeFileAtomic(join(path, "run.json"), "")).message).toContain("not a folder");
    mkdirSync(join(folder, "taken"));
    expect(thrownBy(() => writeFileAtomic(join(folder, "taken"), "")).message).toContain("a folder of that name");
    expect(readdirSync(folder).toSorted()).toEqual(["run.json", "taken"]);
  });

  it("accepts file systems that cannot flush a folder, and no other failure to", () => {
    const failOnFolder = (code: string): void => {
      vi.mocked(fs.fsyncSync)
        .mockImplementationOnce(() => undefined)
        .mockImplementationOnce(() => {
          throw systemError(code);
        });
    };
    failOnFolder("EINVAL");
    writeFileAtomic(path, "new");
    expect(readFileSync(path, "utf8")).toBe("new");
    failOnFolder("EIO");
    expect(thrownBy(() => writeFileAtomic(path, "newer")).message).toContain("EIO");
  });

  it.each(specialFiles.filter(([what]) => /pipe|device/.test(what)))("leaves %s where it is", (what, make) => {
    make(path);
    expect(thrownBy(() => writeFileAtomic(path, "new")).message).toBe(
      `${path}: expected a place to write to, got ${what}`,
    );
    expect(readdirSync(folder)).toEqual(["run.json"]);
    expect(statSync(path).isFile()).toBe(false);
  });

  it("passes on errors of what produces the pieces", () => {
    const pieces = function* (): Generator<string> {
      yield "a";
      throw new CoppiceError("E_DATA", "produced: expected data, got none");
    };
    expect(thrownBy(() => writeFileAtomic(path, pieces())).code).toBe("E_DATA");
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("temporaryFileOwner", () => {
  it("knows the temporary files of this process while they exist", () => {
    const seen: string[] = [];
    const pieces = function* (): Generator<string> {
      seen.push(...readdirSync(folder));
      yield "a";
    };
    writeFileAtomic(path, pieces());
    expect(seen.map(temporaryFileOwner)).toEqual([process.pid]);
  });

  it.each(["run.json", ".run.json", "run.json.12.tmp", ".run.json.tmp"])("leaves %s alone", (name) => {
    expect(temporaryFileOwner(name)).toBeUndefined();
  });
});

describe("appendLine", () => {
  it("makes the file and adds to it", () => {
    appendLine(path, "one");
    appendLine(path, "two");
    expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
  });

  it("says where it cannot write", () => {
    const error = thrownBy(() => appendLine(join(folder, "no", "log"), "x"));
    expect([error.code, error.message]).toEqual([
      "E_CONFIG",
      expect.stringContaining("a folder that does not exist (ENOENT)"),
    ]);
  });
});

describe("writeJson", () => {
  it("indents by two, keeps the order of the keys, and ends the line", () => {
    writeJson(path, { b: 1, a: [true], none: undefined });
    expect(readText(path, "E_DATA")).toBe('{\n  "b": 1,\n  "a": [\n    true\n  ]\n}\n');
  });
});

describe("readJson", () => {
  const schema = z.object({ epochs: z.int(), names: z.array(z.string()) });

  it("returns the value, checked where a schema is given", () => {
    writeFileSync(path, '\uFEFF{"epochs": 3, "names": []}');
    expect(readJson(path)).toEqual({ epochs: 3, names: [] });
    expect(readJson(path, schema).epochs).toBe(3);
  });

  it("names a missing file, a folder, and text that is not JSON", () => {
    expect(thrownBy(() => readJson(path)).message).toBe(`${path}: expected a file that can be read, got no such file`);
    expect(thrownBy(() => readJson(folder)).message).toContain("got a folder");
    writeFileSync(path, '{"epochs": 3');
    const error = thrownBy(() => readJson(path));
    expect([error.code, error.message]).toEqual(["E_CHECKPOINT", expect.stringContaining("expected JSON, got ")]);
  });

  it("names the places that do not fit, the first five of them", () => {
    writeFileSync(path, '{"epochs": 1.5, "names": ["a", 2, 3, 4, 5, 6, 7]}');
    const error = thrownBy(() => readJson(path, schema, "E_DATA"));
    expect(error.code).toBe("E_DATA");
    expect(error.message).toContain("got epochs: ");
    expect(error.message).toContain("; names.1: ");
    expect(error.message.split("; ")).toHaveLength(6);
    expect(error.message).toMatch(/and 2 more$/);
  });
});

describe("readText", () => {
  it("reports other failures by the system's own words", () => {
    const error = thrownBy(() => readText(`${path}\0`, "E_DATA"));
    expect(error.message).toContain("null bytes");
  });

  it.each(specialFiles)("refuses %s without waiting for it", (what, make) => {
    make(path);
    expect(thrownBy(() => readText(path, "E_DATA")).message).toBe(
      `${path}: expected a file that can be read, got ${what}`,
    );
  });

  it("refuses a file that no list or record is as large as", () => {
    writeFileSync(path, "");
    truncateSync(path, 2 ** 28 + 1);
    const error = thrownBy(() => readText(path, "E_DATA"));
    expect(error.message).toBe(`${path}: expected a text file of at most 256 MiB, got one of 268435457 bytes`);
  });
});

describe("makeFolder", () => {
  it("makes what is missing, and says what that was", () => {
    const [outer, inner] = [join(folder, "a"), join(folder, "a", "b")];
    expect(makeFolder(inner)).toEqual([outer, inner]);
    expect(makeFolder(inner)).toEqual([]);
    writeFileSync(join(outer, "file"), "");
    removeFolders([outer, inner]);
    expect(readdirSync(outer)).toEqual(["file"]);
  });

  it("names what is in the way, and leaves nothing", () => {
    writeFileSync(path, "");
    expect(thrownBy(() => makeFolder(path)).message).toContain("not a folder (ENOTDIR)");
    expect(thrownBy(() => makeFolder(join(path, "a"))).message).toContain("not a folder (ENOTDIR)");
    symlinkSync(join(folder, "nothing"), join(folder, "link"));
    expect(thrownBy(() => makeFolder(join(folder, "link", "a"))).message).toContain("a link that leads nowhere");
    expect(thrownBy(() => makeFolder(join(folder, "new", "x".repeat(300)))).message).toContain(
      "a name that is too long",
    );
    expect(readdirSync(folder).toSorted()).toEqual(["link", "run.json"]);
  });

  it.runIf(existsSync("/proc/self/stat"))("gives up where the system makes none", () => {
    expect(thrownBy(() => makeFolder("/proc/coppice/run")).code).toBe("E_CONFIG");
  });
});

describe("createExclusively", () => {
  it("makes a file with its content, once", () => {
    expect([createExclusively(path, "first"), createExclusively(path, "second")]).toEqual([true, false]);
    expect(readFileSync(path, "utf8")).toBe("first");
    expect(readdirSync(folder)).toEqual(["run.json"]);
  });

  it("leaves nothing on a full disk", () => {
    vi.mocked(fs.writeSync).mockImplementationOnce(() => {
      throw systemError("ENOSPC");
    });
    expect(thrownBy(() => createExclusively(path, "first")).message).toContain("a full disk");
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(["EPERM", "ENOTSUP"])("does without hard links where the file system has none (%s)", (code) => {
    vi.mocked(fs.linkSync).mockImplementation(() => {
      throw systemError(code);
    });
    expect([createExclusively(path, "first"), createExclusively(path, "second")]).toEqual([true, false]);
    expect(readFileSync(path, "utf8")).toBe("first");
    expect(readdirSync(folder)).toEqual(["run.json"]);
  });
});
