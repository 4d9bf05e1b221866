import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it, vi } from "vitest";
import {
  downloadDataset,
  downloadFiles,
  type DownloadProgress,
  type DownloadSource,
  downloadSources,
} from "../../../src/data/download.ts";
import { contentMd5 } from "../../../src/data/idx.ts";
import { lockFolder } from "../../../src/util/lock.ts";
import { fileServer, send } from "../../support/file-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const contents: Record<string, Buffer> = { "a.gz": Buffer.alloc(9000, "abc"), "b.gz": Buffer.alloc(500, "de") };
const md5 = (bytes: Buffer): string => createHash("md5").update(bytes).digest("hex");

function sourceAt(baseUrl: string): DownloadSource {
  const files = Object.entries(contents).map(([name, bytes]) => ({ name, md5: md5(bytes) }));
  return { baseUrl, files, md5Of: contentMd5 };
}

const handler: Parameters<typeof fileServer>[0] = (request, response) => {
  const bytes = contents[request.url?.replace("/", "") ?? ""];
  if (bytes === undefined) response.writeHead(404).end();
  else send(request, response, gzipSync(bytes));
};

it("brings all files, says how far it is, and keeps what is there", async () => {
  const { url, requests } = await fileServer(handler);
  const folder = join(temporaryFolder(), "new", "data");
  const progress: DownloadProgress[] = [];
  const first = await downloadFiles(folder, sourceAt(url), { onProgress: (p) => progress.push(p) });
  expect(first).toEqual({ folder, downloaded: ["a.gz", "b.gz"], present: [] });
  expect(readdirSync(folder).toSorted()).toEqual(["a.gz", "b.gz"]);
  const last = gzipSync(contents["b.gz"] ?? "").length;
  expect(progress.map(({ fileNumber, fileCount }) => `${fileNumber}/${fileCount}`)).toEqual(["1/2", "2/2"]);
  expect(progress.at(-1)).toMatchObject({ file: "b.gz", receivedBytes: last, totalBytes: last });
  expect(await downloadFiles(folder, sourceAt(url))).toEqual({ folder, downloaded: [], present: ["a.gz", "b.gz"] });
  expect(requests).toEqual(["/a.gz", "/b.gz"]);
});

it("takes a mirror's address with or without a slash, and its own packing", async () => {
  const { url } = await fileServer((request, response) => {
    const bytes = contents[request.url?.replace("/mirror/", "") ?? ""] ?? Buffer.alloc(0);
    send(request, response, gzipSync(bytes, { level: 1 }));
  });
  for (const baseUrl of [`${url}mirror`, `${url}mirror/`]) {
    const folder = temporaryFolder();
    expect((await downloadFiles(folder, sourceAt("http://unused/"), { baseUrl })).downloaded).toEqual(["a.gz", "b.gz"]);
  }
});

it("refuses a wrong file that is there, and does not touch it", async () => {
  const { url, requests } = await fileServer(handler);
  const folder = temporaryFolder();
  writeFileSync(join(folder, "b.gz"), "mine");
  await expect(downloadFiles(folder, sourceAt(url))).rejects.toMatchObject({
    code: "E_DATA",
    message: `${join(folder, "b.gz")}: expected the published MD5 ${md5(contents["b.gz"] ?? Buffer.alloc(0))}, got ${md5(Buffer.from("mine"))}`,
    hint: expect.stringContaining("delete or move"),
  });
  expect(readFileSync(join(folder, "b.gz"), "utf8")).toBe("mine");
  expect(requests).toEqual(["/a.gz"]);
});

it("lets one process at a time work in a folder", async () => {
  const folder = temporaryFolder();
  using _lock = lockFolder(folder);
  await expect(downloadFiles(folder, sourceAt("http://127.0.0.1:1/"))).rejects.toMatchObject({ code: "E_CHECKPOINT" });
});

it("refuses a folder that cannot be made", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "file"), "");
  await expect(downloadFiles(join(folder, "file", "sub"), sourceAt("http://127.0.0.1:1/"))).rejects.toMatchObject({
    code: "E_CONFIG",
    message: expect.stringContaining("expected a place to write to"),
  });
});

it("puts a data set in the folder of its name, by default where COPPICE_DATA says", async () => {
  const { url, requests } = await fileServer((_, response) => response.end("not the official file"));
  const folder = temporaryFolder();
  vi.stubEnv("COPPICE_DATA", folder);
  const options = { baseUrl: url, retryMilliseconds: 1 };
  await expect(downloadDataset("cifar10", options)).rejects.toThrow(
    `${url}cifar-10-binary.tar.gz: expected a file with MD5 c32a1d4ab5d03f1284b67883e8d87530, got `,
  );
  vi.unstubAllEnvs();
  expect(existsSync(join(folder, "cifar10"))).toBe(true);
  expect(readdirSync(join(folder, "cifar10"))).toEqual([]);
  const elsewhere = temporaryFolder();
  mkdirSync(join(elsewhere, "mnist"));
  await expect(downloadDataset("mnist", { ...options, folder: elsewhere })).rejects.toMatchObject({ code: "E_DATA" });
  expect(requests).toEqual(["/cifar-10-binary.tar.gz", "/train-images-idx3-ubyte.gz"]);
});

it("knows the data sets with a download and suggests the nearest name", async () => {
  expect(Object.keys(downloadSources)).toEqual(["cifar10", "fashion-mnist", "mnist"]);
  await expect(downloadDataset("fashion-mnits")).rejects.toMatchObject({
    code: "E_ARG",
    hint: "did you mean fashion-mnist?",
  });
  await expect(downloadDataset("embedded")).rejects.toMatchObject({ code: "E_ARG" });
});
