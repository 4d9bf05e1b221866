import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { basename } from "node:path";

/** What may lie where a file is expected, in the words of messages, and how to put it there. Opened without care, a pipe is waited for, and the device never ends. */
export const specialFiles: readonly (readonly [what: string, make: (path: string) => void])[] = [
  ["a folder", (path) => mkdirSync(path)],
  ["a named pipe", (path) => void execFileSync("mkfifo", [path])],
  ["a device", (path) => symlinkSync("/dev/zero", path)],
  ["a link that leads nowhere", (path) => symlinkSync("nowhere", path)],
  ["a link that leads to itself", (path) => symlinkSync(basename(path), path)],
];
