/** What a comparison leaves: a file that says what was compared, on what machine, and what differs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CoppiceError } from "../../src/util/errors.ts";
import { writeFileAtomic } from "../../src/util/files.ts";
import { type Allowed, allowed } from "./allowed.ts";
import { compareResults, type Difference } from "./compare.ts";
import { type Recording, RECORDING, RUNS } from "./record.ts";

/** How many differences are shown: after a mistake early on, everything differs. */
const SHOWN = 100;
const SHOWN_CHARACTERS = 120;

/**
 * Compares two recorded folders, prints what differs, and writes `file`.
 * @returns whether nothing differs
 * @throws CoppiceError E_CONFIG for folders of different machines or steps
 */
export function compareRecordings(before: string, after: string, file: string): boolean {
  const [earlier, later] = [readRecording(before), readRecording(after)];
  checkAlike(earlier, later);
  const { differences, reworded, compared } = compareResults(join(before, RUNS), join(after, RUNS), allowed);
  const { cpu, threads, node } = later;
  const result = {
    before: { commit: earlier.commit, changed: earlier.changed },
    after: { commit: later.commit, changed: later.changed },
    machine: { cpu, threads, node },
    equal: differences.length === 0,
    commands: Object.keys(later.seconds).length,
    compared,
    allowed: asJson(allowed),
    reworded,
    numDifferences: differences.length,
    differences: differences.slice(0, SHOWN).map(shortened),
  };
  writeFileAtomic(file, `${JSON.stringify(result, null, 2)}\n`);
  for (const { file: where, field, before: one, after: other } of result.differences)
    console.log(`${where}: ${field}: ${one} became ${other}`);
  const models = Object.values(compared).reduce((sum, counts) => sum + counts.models, 0);
  const fields = Object.values(compared).reduce((sum, counts) => sum + counts.fields, 0);
  console.log(
    `${models} weight files and ${fields} fields compared: ${differences.length} differences, ${reworded.length} sentences in other words`,
  );
  return result.equal;
}

function readRecording(folder: string): Recording {
  return JSON.parse(readFileSync(join(folder, RECORDING), "utf8")) as Recording;
}

/** Other processors and numbers of threads sum in another order. */
function checkAlike(earlier: Recording, later: Recording): void {
  const machine = ({ cpu, threads }: Recording): string => `${cpu}, ${threads} threads`;
  if (machine(earlier) !== machine(later))
    throw new CoppiceError(
      "E_CONFIG",
      `expected recordings of one machine, got ${machine(earlier)} and ${machine(later)}`,
    );
  const [first, second] = [earlier, later].map(({ seconds }) => Object.keys(seconds));
  const odd = [
    ...(first ?? []).filter((name) => !second?.includes(name)),
    ...(second ?? []).filter((name) => !first?.includes(name)),
  ];
  if (odd.length > 0)
    throw new CoppiceError(
      "E_CONFIG",
      `expected recordings of the same steps, got ${odd.join(", ")} in one of them alone`,
    );
}

/** Both values from a little before the first character that differs. */
function shortened({ before, after, ...where }: Difference): Difference {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  const start = before.length > SHOWN_CHARACTERS ? Math.max(0, same - SHOWN_CHARACTERS / 4) : 0;
  const cut = (text: string): string => text.slice(start, start + SHOWN_CHARACTERS);
  return { ...where, before: cut(before), after: cut(after) };
}

function asJson({ leftOutFiles, ...names }: Allowed): object {
  return { leftOutFiles: leftOutFiles.map(({ source }) => source), ...names };
}
