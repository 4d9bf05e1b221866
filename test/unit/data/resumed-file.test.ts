import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type FetchOptions, fetchFile, type RemoteFile } from "../../../src/data/resumed-file.ts";
import { CoppiceError } from "../../../src/util/errors.ts";
import { hashFile } from "../../../src/util/hash.ts";
import { fileServer, send } from "../../support/file-server.ts";
import { specialFiles } from "../../support/special-files.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * i) % 251));
const expectedMd5 = createHash("md5").update(bytes).digest("hex");
const quick: FetchOptions = { attempts: 3, retryMilliseconds: 1, idleMilliseconds: 2000 };

function remote(url: string): RemoteFile {
  return { url, path: join(temporaryFolder(), "file.gz"), expectedMd5, md5Of: (path) => hashFile(path, "md5") };
}

function expectWhole(file: RemoteFile): void {
  expect(readFileSync(file.path).equals(bytes)).toBe(true);
  expect(readdirSync(dirname(file.path))).toEqual(["file.gz"]);
}

it("downloads a file and tells its progress", async () => {
  const { url } = await fileServer((request, response) => send(request, response, bytes));
  const file = remote(url);
  const progress: (readonly [number, number | null])[] = [];
  await fetchFile(file, { ...quick, onProgress: (received, total) => progress.push([received, total]) });
  expectWhole(file);
  expect(progress.at(-1)).toEqual([200_000, 200_000]);
  expect(progress.every(([received], i) => received > (progress[i - 1]?.[0] ?? 0))).toBe(true);
});

it("goes on where a cut connection left off, as often as it takes", async () => {
  const { url, requests } = await fileServer((request, response) =>
    send(request, response, bytes, { cutAfter: 30_000 }),
  );
  const file = remote(url);
  const received: number[] = [];
  await fetchFile(file, { ...quick, onProgress: (count) => received.push(count) });
  expectWhole(file);
  expect(requests.length).toBeGreaterThan(quick.attempts ?? 0);
  expect(requests[0]).toBe("/");
  expect(requests.slice(1).every((request) => /^\/ bytes=\d+-$/.test(request))).toBe(true);
  expect(received.toSorted((a, b) => a - b)).toEqual(received);
});

it("starts again at a server that ignores ranges", async () => {
  const { url, requests } = await fileServer((request, response, number) =>
    send(request, response, bytes, { ranges: false, cutAfter: number === 0 ? 90_000 : undefined }),
  );
  const file = remote(url);
  await fetchFile(file, quick);
  expectWhole(file);
  expect(requests).toHaveLength(2);
});

it("uses what an earlier call left, and asks for nothing when that is all", async () => {
  const { url, requests } = await fileServer((request, response) => send(request, response, bytes));
  const file = remote(url);
  writeFileSync(`${file.path}.part`, bytes.subarray(0, 150_000));
  await fetchFile(file, quick);
  expectWhole(file);
  const complete = remote(url);
  writeFileSync(`${complete.path}.part`, bytes);
  await fetchFile(complete, quick);
  expectWhole(complete);
  expect(requests).toEqual(["/ bytes=150000-"]);
});

it.each([
  ["another file's beginning", 1000],
  ["more than the whole file", 300_000],
])("gets over a left part that is %s", async (_, length) => {
  const { url } = await fileServer((request, response) => send(request, response, bytes));
  const file = remote(url);
  writeFileSync(`${file.path}.part`, Buffer.alloc(length, 9));
  await fetchFile(file, quick);
  expectWhole(file);
});

it("tries again while the server is busy", async () => {
  const { url, requests } = await fileServer((request, response, number) => {
    if (number < 2) response.writeHead(503).end();
    else send(request, response, bytes);
  });
  const file = remote(url);
  await fetchFile(file, quick);
  expectWhole(file);
  expect(requests).toHaveLength(3);
});

it("gives up when no try brings a further byte, and keeps what came", async () => {
  const { url, requests } = await fileServer((request, response, number) => {
    if (number === 0) send(request, response, bytes, { cutAfter: 50_000 });
    else response.destroy();
  });
  const file = remote(url);
  await expect(fetchFile(file, quick)).rejects.toMatchObject({
    code: "E_DATA",
    message: expect.stringContaining(`${url}: expected the file, got`),
    hint: expect.stringContaining("it goes on where it stopped"),
  });
  expect(requests).toHaveLength(4);
  expect(readdirSync(dirname(file.path))).toEqual(["file.gz.part"]);
  expect(readFileSync(`${file.path}.part`).length).toBeGreaterThan(0);
});

it("refuses wrong bytes and leaves nothing", async () => {
  const wrong = Buffer.from(bytes);
  wrong[77] = 1 + (wrong[77] ?? 0);
  const { url, requests } = await fileServer((request, response) => send(request, response, wrong));
  const file = remote(url);
  const found = createHash("md5").update(wrong).digest("hex");
  await expect(fetchFile(file, quick)).rejects.toMatchObject({
    code: "E_DATA",
    message: `${url}: expected a file with MD5 ${expectedMd5}, got ${found}`,
  });
  expect(readdirSync(dirname(file.path))).toEqual([]);
  expect(requests).toHaveLength(1);
});

it("refuses a page of another kind whose checksum cannot even be taken", async () => {
  const { url } = await fileServer((_, response) => response.end("<html>log in first</html>"));
  const md5Of = (path: string): Promise<string> => Promise.reject(new CoppiceError("E_DATA", `${path}: no gzip`));
  const file = { ...remote(url), md5Of };
  await expect(fetchFile(file, quick)).rejects.toThrow("got a damaged one (");
  expect(existsSync(`${file.path}.part`)).toBe(false);
});

describe("stopping", () => {
  it("keeps what came and passes the reason on", async () => {
    const { url } = await fileServer((_, response) => {
      response.writeHead(200, { "content-length": bytes.length }).write(bytes.subarray(0, 70_000));
    });
    const file = remote(url);
    const stop = new AbortController();
    const reason = new TypeError("Ctrl-C");
    const stopped = fetchFile(file, { ...quick, signal: stop.signal, onProgress: () => stop.abort(reason) });
    await expect(stopped).rejects.toBe(reason);
    expect(existsSync(file.path)).toBe(false);
  });

  it("does not wait out the pause between tries", async () => {
    const { url } = await fileServer((_, response) => response.writeHead(503).end());
    const stop = new AbortController();
    const stopped = fetchFile(remote(url), { ...quick, retryMilliseconds: 3_600_000, signal: stop.signal });
    setTimeout(() => stop.abort(), 100);
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("a place that cannot be written", () => {
  it.skipIf(!existsSync("/dev/full"))("is a full disk, said as such", async () => {
    const { url, requests } = await fileServer((request, response) => send(request, response, bytes));
    const file = remote(url);
    symlinkSync("/dev/full", `${file.path}.part`);
    await expect(fetchFile(file, quick)).rejects.toMatchObject({
      code: "E_CONFIG",
      message: expect.stringContaining("got a full disk (ENOSPC)"),
    });
    expect(requests).toHaveLength(1);
  });

  it("is a folder that does not exist", async () => {
    const { url } = await fileServer((request, response) => send(request, response, bytes));
    const file = { ...remote(url), path: join(temporaryFolder(), "no", "file") };
    await expect(fetchFile(file, quick)).rejects.toMatchObject({ code: "E_CONFIG" });
  });

  it.each(specialFiles.slice(0, 2))("has %s where the part would be", async (what, make) => {
    const { url } = await fileServer((request, response) => send(request, response, bytes));
    const file = remote(url);
    make(`${file.path}.part`);
    await expect(fetchFile(file, quick)).rejects.toMatchObject({
      code: "E_CONFIG",
      message: `${file.path}.part: expected a file to continue, got ${what}`,
    });
  });

  it("is a folder in the file's place", async () => {
    const { url } = await fileServer((request, response) => send(request, response, bytes));
    const file = remote(url);
    mkdirSync(file.path);
    await expect(fetchFile(file, quick)).rejects.toMatchObject({ code: "E_CONFIG" });
  });
});
