/** Back end of `coppice data get`: the official files of a data set, from their publishers. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expectChoice } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import { makeFolder } from "../util/files.ts";
import { hashFile } from "../util/hash.ts";
import { lockFolder } from "../util/lock.ts";
import { ARCHIVE_NAME, cifar10Layout } from "./cifar10-files.ts";
import { fashionMnistFiles } from "./fashion-mnist.ts";
import { contentMd5 } from "./idx.ts";
import { type IdxDatasetSpec, idxFiles } from "./idx-dataset.ts";
import { downloadFolder } from "./locations.ts";
import { mnistFiles } from "./mnist.ts";
import { type FetchOptions, fetchFile, type RemoteFile } from "./resumed-file.ts";

/** What a data set consists of and where its publisher keeps it. */
export interface DownloadSource {
  readonly baseUrl: string;
  readonly files: readonly { readonly name: string; readonly md5: string }[];
  readonly md5Of: RemoteFile["md5Of"];
}

export interface DownloadProgress {
  readonly file: string;
  /** Number of the file, from 1, and how many there are. */
  readonly fileNumber: number;
  readonly fileCount: number;
  readonly receivedBytes: number;
  /** Null where the server does not say. */
  readonly totalBytes: number | null;
}

export interface DownloadOptions extends Omit<FetchOptions, "onProgress"> {
  /** The data folder; the files go to its sub-folder of the data set's name. Default `COPPICE_DATA`, else one in the user's cache. */
  readonly folder?: string;
  /** A mirror instead of the publisher's address. */
  readonly baseUrl?: string;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

export interface DownloadResult {
  /** The folder that now has all the files. */
  readonly folder: string;
  readonly downloaded: readonly string[];
  /** Files that were there before, with the right checksum. */
  readonly present: readonly string[];
}

/** By data set name. */
export const downloadSources = {
  cifar10: {
    baseUrl: "https://www.cs.toronto.edu/~kriz/",
    files: [{ name: ARCHIVE_NAME, md5: cifar10Layout.archiveMd5 }],
    md5Of: (path) => hashFile(path, "md5"),
  },
  "fashion-mnist": idxSource(fashionMnistFiles, "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
  mnist: idxSource(mnistFiles, "https://ossci-datasets.s3.amazonaws.com/mnist/"),
} as const satisfies Record<string, DownloadSource>;

/**
 * Downloads the official files of the data set called `name`, one after the other; files that are there already are checked and
 * kept. Throws E_ARG for a name without a download, E_DATA when a file cannot be had or is not the official one, E_CONFIG when the
 * folder cannot be written, E_CHECKPOINT when another process is downloading there, and the signal's reason when stopped.
 */
export async function downloadDataset(name: string, options: DownloadOptions = {}): Promise<DownloadResult> {
  const known = expectChoice("data set", name, Object.keys(downloadSources) as (keyof typeof downloadSources)[]);
  return downloadFiles(join(options.folder ?? downloadFolder(), known), downloadSources[known], options);
}

/** As {@link downloadDataset}, of any source into `folder` itself. */
export async function downloadFiles(
  folder: string,
  source: DownloadSource,
  options: DownloadOptions = {},
): Promise<DownloadResult> {
  const { baseUrl = source.baseUrl, onProgress, ...rest } = options;
  makeFolder(folder);
  using _lock = lockFolder(folder);
  const downloaded: string[] = [];
  const present: string[] = [];
  for (const [index, { name, md5 }] of source.files.entries()) {
    const path = join(folder, name);
    if (existsSync(path)) {
      await checkPresent(path, md5, source.md5Of);
      present.push(name);
      continue;
    }
    const url = `${baseUrl.replace(/\/*$/, "/")}${name}`;
    const place = { file: name, fileNumber: index + 1, fileCount: source.files.length };
    await fetchFile(
      { url, path, expectedMd5: md5, md5Of: source.md5Of },
      { ...rest, onProgress: (receivedBytes, totalBytes) => onProgress?.({ ...place, receivedBytes, totalBytes }) },
    );
    downloaded.push(name);
  }
  return { folder, downloaded, present };
}

async function checkPresent(path: string, expected: string, md5Of: RemoteFile["md5Of"]): Promise<void> {
  const found = await md5Of(path);
  if (found === expected) return;
  throw new CoppiceError("E_DATA", `${path}: expected the published MD5 ${expected}, got ${found}`, {
    hint: "delete or move this file and run the command again",
  });
}

function idxSource(spec: IdxDatasetSpec, baseUrl: string): DownloadSource {
  return { baseUrl, files: idxFiles.map((name) => ({ name: `${name}.gz`, md5: spec.md5[name] })), md5Of: contentMd5 };
}
