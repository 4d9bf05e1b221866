/** A CSV file with all values of a list that name nothing to forget: line, value, part, cause. */
import { existsSync, realpathSync } from "node:fs";
import { csvCell, withoutFormula } from "../../util/csv-cell.ts";
import { CoppiceError } from "../../util/errors.ts";
import { readText, writeFileAtomic } from "../../util/files.ts";
import type { ListFault } from "./resolve-list.ts";

const header = "line,value,part,cause";

/**
 * Writes the file, never over one that is anything but an earlier one of its kind.
 * @param list path of the list that the faults are of
 * @throws CoppiceError E_CONFIG when the place is taken or cannot be written
 */
export function writeFaults(path: string, faults: readonly ListFault[], list: string): void {
  if (existsSync(path) && (isSame(path, list) || !readText(path, "E_CONFIG").startsWith(`${header}\n`))) {
    throw new CoppiceError("E_CONFIG", `${path}: expected a new file, or an earlier one of faults, got another file`, {
      hint: "choose another name for `faults: FILE`",
    });
  }
  writeFileAtomic(path, faultsCsv(faults));
}

function isSame(path: string, list: string): boolean {
  return existsSync(list) && realpathSync(path) === realpathSync(list);
}

/** In the order of the list. */
export function faultsCsv(faults: readonly ListFault[]): string {
  const rows = faults.map(({ line, text, kind, cause }) =>
    [String(line), csvCell(withoutFormula(text)), kind === "alike" ? "unknown" : kind, csvCell(cause)].join(","),
  );
  return [header, ...rows].map((row) => `${row}\n`).join("");
}
