/** What every command asks before it writes: nothing that it reads, and nothing that Coppice did not write, may be in the way. */
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CoppiceError } from "../util/errors.ts";
import { ancestorsOf, overlap, realPlace } from "../util/places.ts";
import { namesIn, ownNames, runFiles } from "./run-files.ts";

/** A folder or file that a command reads; undefined where the setting was left out. */
export type Reads = readonly (string | undefined)[];

/**
 * That `out` and what is read are apart: not the same, not one inside the other, links followed. `--force` is no reason to go on.
 * @throws CoppiceError E_CONFIG
 */
export function checkApart(out: string, reads: Reads): void {
  for (const read of reads) {
    if (read === undefined || !existsSync(read)) continue;
    const how = overlap(out, read);
    if (how === null) continue;
    const got = { same: "the same", inside: "one inside of it", around: "one around it" }[how];
    throw new CoppiceError("E_CONFIG", `${out}: expected a place apart from ${read}, which is read, got ${got}`, {
      hint: "choose another place with --out: what is read must not be changed or removed",
    });
  }
}

/** Of a data set: its folder, where it has one. */
export function dataPlaces({ source }: { readonly source: string }): Reads {
  return [existsSync(source) ? source : undefined];
}

/**
 * That a folder of several runs, of the demo, a search or an experiment may be written: new, empty, or begun by the same command.
 * @param own names that show that it was, any of them
 * @throws CoppiceError E_CONFIG
 */
export function checkResultsFolder(out: string, own: readonly string[], reads: Reads): void {
  checkApart(out, reads);
  const names = namesIn(out);
  if (names.length === 0 || (names.some((name) => own.includes(name)) && !names.includes(runFiles.record))) return;
  const shown = names.includes(runFiles.record) ? "a run" : names.slice(0, 3).join(", ");
  throw new CoppiceError(
    "E_CONFIG",
    `${out}: expected a new folder, or one of an earlier call, got one that holds ${shown}`,
    { hint: "choose another folder" },
  );
}

/** What a folder of jobs holds from early on. */
export const jobsFolderNames = ["id.json", "done", "failed", "leases"] as const;

/** That a folder of jobs may be used: new, empty, or one of jobs. @throws CoppiceError E_CONFIG */
export function checkJobsFolder(path: string, reads: Reads): void {
  checkResultsFolder(path, jobsFolderNames, reads);
}

/** @throws CoppiceError E_CONFIG for a place in a run folder: a run that holds other things cannot be replaced any more */
export function checkOutsideRuns(path: string): void {
  const place = realPlace(path);
  const run = [place, ...ancestorsOf(place)].find((folder) => existsSync(join(folder, runFiles.record)));
  if (run === undefined) return;
  throw inTheWay(path, "a place outside of run folders", `one in the run ${run}`, "choose another folder");
}

/**
 * That a file may be written: new, or one that Coppice wrote as the same kind and that may be replaced; never a file of a run.
 * @param isOwn whether a file that is there is of that kind, by its first bytes
 * @throws CoppiceError E_CONFIG
 */
export function checkOutputFile(
  file: string,
  {
    what,
    isOwn,
    replace,
  }: { readonly what: string; readonly isOwn: (text: string) => boolean; readonly replace: boolean },
): void {
  if (isFileOfRun(file))
    throw inTheWay(file, `${what} beside the files of a run`, "one that a run has or will have", "choose another name");
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isFile())
    throw inTheWay(
      file,
      `the name of a file to write`,
      stats.isDirectory() ? "a folder" : "a link or a device",
      "choose another name",
    );
  if (!replace)
    throw inTheWay(
      file,
      "a file that is not there yet",
      "one that is",
      "choose another name, or replace it with --force",
    );
  if (stats.size > 0 && !isOwn(readFileSync(file, "utf8")))
    throw inTheWay(
      file,
      `${what} to replace`,
      "a file that Coppice did not write",
      "only its own files are replaced: choose another name",
    );
}

/** Whether the file has a name that a run folder keeps for something else than a page. */
function isFileOfRun(file: string): boolean {
  const pages: readonly string[] = [runFiles.report, runFiles.cleansePage];
  const name = basename(file);
  return existsSync(join(dirname(file), runFiles.record)) && ownNames.includes(name) && !pages.includes(name);
}

function inTheWay(file: string, expected: string, got: string, hint: string): CoppiceError {
  return new CoppiceError("E_CONFIG", `${file}: expected ${expected}, got ${got}`, { hint });
}
