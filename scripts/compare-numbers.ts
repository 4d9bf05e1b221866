/**
 * Whether two builds of Coppice give the same numbers. Each is run through the same commands; then what they left is compared:
 *
 *   tsx scripts/compare-numbers.ts record --program BEFORE/bin/coppice.js --out numbers/before
 *   tsx scripts/compare-numbers.ts record --program bin/coppice.js --out numbers/after
 *   tsx scripts/compare-numbers.ts compare numbers/before numbers/after --out result.json
 *
 * `record` goes on where it was; `--only NAME` runs the steps alone whose names begin so.
 * `compare` prints what differs, and ends with 1 where something does.
 */
import { parseArgs } from "node:util";
import { CoppiceError, messageOf } from "../src/util/errors.ts";
import { record } from "./compare-numbers/record.ts";
import { compareRecordings } from "./compare-numbers/write-result.ts";

const usage = "record --program FILE --out FOLDER, or compare BEFORE AFTER --out FILE";

function run(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      program: { type: "string" },
      out: { type: "string" },
      only: { type: "string" },
    },
  });
  const { program, out, only } = values;
  const [what, before, after] = positionals;
  if (what === "record" && program !== undefined && out !== undefined) {
    record({ program, out, ...(only === undefined ? {} : { only }) });
  } else if (what === "compare" && before !== undefined && after !== undefined && out !== undefined) {
    if (!compareRecordings(before, after, out)) process.exitCode = 1;
  } else {
    throw new CoppiceError("E_ARG", `expected ${usage}, got ${process.argv.slice(2).join(" ")}`);
  }
}

try {
  run();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = error instanceof CoppiceError && error.code === "E_ARG" ? 2 : 1;
}
