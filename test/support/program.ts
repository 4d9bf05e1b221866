/** The program as its user runs it, and the command line without a process of its own. */
import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import { vi } from "vitest";
import { main } from "../../src/cli/main.ts";

export const program: string = fileURLToPath(new URL("../../bin/coppice.js", import.meta.url));

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

/** Runs the compiled `coppice` with these arguments in `folder`, in a process. */
export function coppice(folder: string, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: folder, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** Runs the command line with these arguments in `folder`, in this process: to start one and load libtorch takes over a second. */
export async function commandLine(folder: string, ...args: string[]): Promise<Ended> {
  const said = { stdout: "", stderr: "" };
  const written = (to: keyof typeof said) => (text: unknown) => ((said[to] += String(text)), true);
  const printed =
    (to: keyof typeof said) =>
    (...values: unknown[]) =>
      void (said[to] += `${format(...values)}\n`);
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(written("stdout")),
    vi.spyOn(process.stderr, "write").mockImplementation(written("stderr")),
    vi.spyOn(console, "log").mockImplementation(printed("stdout")),
    vi.spyOn(console, "error").mockImplementation(printed("stderr")),
  ];
  const before = { folder: process.cwd(), argv: process.argv };
  process.chdir(folder);
  process.argv = [process.execPath, program, ...args];
  try {
    return { code: await main(args), ...said };
  } finally {
    process.chdir(before.folder);
    process.argv = before.argv;
    for (const spy of spies) spy.mockRestore();
  }
}
