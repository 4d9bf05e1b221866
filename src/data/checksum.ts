/** Published checksums: what a file must hash to, and what is said when it does not. */
import { basename } from "node:path";
import { CoppiceError } from "../util/errors.ts";

/** What was found of one file. MD5 in lower-case hexadecimal: it is what the data sets' authors published. */
export interface FileCheck {
  readonly path: string;
  readonly expectedMd5: string;
  readonly foundMd5: string;
}

export interface Verdict {
  readonly verified: boolean;
  /** One line naming every file that is not the published one, or null. */
  readonly provenance: string | null;
}

/**
 * Compares found with published checksums. A difference throws E_DATA, unless `allowUnverified`: then the verdict says so.
 * `title` is the data set's, for the line of provenance.
 */
export function verify(title: string, checks: readonly FileCheck[], allowUnverified = false): Verdict {
  const different = checks.filter(({ expectedMd5, foundMd5 }) => expectedMd5 !== foundMd5);
  const first = different[0];
  if (first === undefined) return { verified: true, provenance: null };
  if (!allowUnverified) {
    const more = different.length === 1 ? "" : ` (and so for ${different.length - 1} more)`;
    throw new CoppiceError(
      "E_DATA",
      `${first.path}: expected the published MD5 ${first.expectedMd5}, got ${first.foundMd5}${more}`,
      { hint: "the file is damaged or not the official one: get it again, or use it as it is with --allow-unverified" },
    );
  }
  const list = different.map(
    ({ path, expectedMd5, foundMd5 }) => `${basename(path)} has MD5 ${foundMd5}, published ${expectedMd5}`,
  );
  return { verified: false, provenance: `${title}: not verified: ${list.join("; ")}` };
}
