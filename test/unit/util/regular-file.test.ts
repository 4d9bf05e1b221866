import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import {
  openRegularFile,
  readProblem,
  readRegularFile,
  readRegularFileAsync,
  regularFilePieces,
  regularFileSize,
  streamRegularFile,
} from "../../../src/util/regular-file.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => i % 251));

/** Every way to read the whole file at `path`. */
const readers: Record<string, (path: string) => Buffer | Promise<Buffer>> = {
  openRegularFile: (path) => {
    const file = openRegularFile(path, "E_DATA");
    try {
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  },
  readRegularFile: (path) => readRegularFile(path, "E_DATA"),
  readRegularFileAsync: async (path) => await readRegularFileAsync(path, "E_DATA"),
  regularFilePieces: (path) =>
    Buffer.concat(Array.from(regularFilePieces(path, "E_DATA"), (piece) => Buffer.from(piece))),
  streamRegularFile: async (path) => {
    const pieces: Buffer[] = [];
    for await (const piece of streamRegularFile(path, "E_DATA")) pieces.push(piece);
    return Buffer.concat(pieces);
  },
};

/** A file, a link to it, and one of every kind that is no file. */
async function kinds(): Promise<string> {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  writeFileSync(at("file"), bytes);
  symlinkSync("file", at("link"));
  mkdirSync(at("folder"));
  symlinkSync("nowhere", at("dangling"));
  symlinkSync("loop", at("loop"));
  symlinkSync("/dev/zero", at("zero"));
  execFileSync("mkfifo", [at("pipe")]);
  const server = createServer().listen(at("socket"));
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  return folder;
}

for (const [name, read] of Object.entries(readers)) {
  it(`${name} reads a file, and through a link`, async () => {
    const folder = await kinds();
    for (const file of ["file", "link"]) expect((await read(join(folder, file))).equals(bytes)).toBe(true);
  });

  it.each([
    ["folder", "a folder"],
    ["pipe", "a named pipe"],
    ["socket", "a socket"],
    ["zero", "a device"],
    ["dangling", "a link that leads nowhere"],
    ["loop", "a link that leads to itself"],
    ["none", "no such file"],
    ["file/inside", "a path through something that is not a folder"],
    ["x".repeat(300), "a name that is too long"],
  ])(`${name} refuses %s in one sentence, without waiting`, async (file, what) => {
    const path = join(await kinds(), file);
    await expect((async () => await read(path))()).rejects.toMatchObject({
      code: "E_DATA",
      message: `${path}: expected a file that can be read, got ${what}`,
    });
  });
}

it("gives the size of a file, and of nothing else", async () => {
  const folder = await kinds();
  expect(regularFileSize(join(folder, "link"), "E_DATA")).toBe(3_000_000);
  expect(() => regularFileSize(join(folder, "pipe"), "E_DATA")).toThrow("got a named pipe");
  expect(() => regularFileSize(join(folder, "dangling"), "E_DATA")).toThrow("got a link that leads nowhere");
});

it("reads the beginning alone", async () => {
  const path = join(await kinds(), "file");
  expect([...(await readRegularFileAsync(path, "E_DATA", 3))]).toEqual([0, 1, 2]);
  expect(await readRegularFileAsync(path, "E_DATA", 4_000_000)).toHaveLength(3_000_000);
});

it("says in words why a file could not be read", () => {
  const problem = (code: string): string =>
    readProblem("nowhere", Object.assign(new Error("as Node says it"), { code }));
  expect(["EACCES", "ENOENT", "EMFILE"].map(problem)).toEqual([
    "one this user may not read",
    "no such file",
    "as Node says it",
  ]);
});
