/** The program as its user runs it. */
import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../bin/coppice.js", import.meta.url));

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A new folder to run programs in, whose cache is theirs alone; the caller removes it. */
export function programFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "coppice-e2e-"));
  process.env["COPPICE_CACHE"] = join(folder, "cache");
  return folder;
}

/** Runs `coppice` with these arguments in `folder`. */
export function coppice(folder: string, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: folder, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
