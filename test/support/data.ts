/** Tests on the real CIFAR-10: the archive or folder in `COPPICE_DATA`, or in `../shared/data/cifar-10` next to the repository. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, it } from "vitest";
import { findCifar10 } from "../../src/data/cifar10.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** The folder to pass as `folder` when loading CIFAR-10, or undefined when this machine has no copy. */
export function realCifar10Folder(): string | undefined {
  const chosen = process.env["COPPICE_DATA"];
  const folders = [...(chosen === undefined ? [] : [chosen]), "../shared/data/cifar-10"];
  return folders.map((folder) => resolve(repository, folder)).find((folder) => findCifar10(folder) !== undefined);
}

/** `describe` for tests that read the real CIFAR-10; without it one skipped entry says what was left out. */
export function describeData(name: string, fn: () => void): void {
  if (realCifar10Folder() === undefined) it.skip(`left out, no CIFAR-10 in COPPICE_DATA or ../shared/data: ${name}`);
  else describe(name, fn);
}
