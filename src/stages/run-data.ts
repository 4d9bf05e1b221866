/** The data under a run are the data it was made with: read in its order, checked image by image, and refused by naming what differs. */
import { digestOf } from "../data/make-dataset.ts";
import type { Absence } from "../data/align.ts";
import type { RunRecord } from "../record/index.ts";
import { readRecords } from "../record/records.ts";
import type { SplitManifest } from "../record/split.ts";
import { defined } from "../util/defined.ts";
import { CoppiceError } from "../util/errors.ts";
import { numberedClass } from "../util/numbered-class.ts";
import type { DataConfig } from "./config.ts";
import type { KnownImages, LoadedData } from "./data-context.ts";
import type { RunFolder } from "./run-folder.ts";
import type { StageContext } from "./stage.ts";

/** The listing of a run as it is passed on to what is made of it, byte for byte. */
export interface RecordedImages extends KnownImages {
  /** Of `records.json`. */
  readonly text: string;
  readonly data: RunRecord["data"];
}

export interface RunData {
  readonly loaded: LoadedData;
  /** Absent of a run of an earlier version, which has no listing. */
  readonly recorded?: RecordedImages;
}

interface RecordedRun {
  readonly folder: RunFolder;
  readonly record: RunRecord;
}

/**
 * Loads the data of a run. What is gone is in `absent`; see `checkPresent`.
 * @throws CoppiceError E_CHECKPOINT when `records.json` was changed, E_CONFIG when the data of a run without it, or poisoned ones, are others
 */
export async function loadRunData(
  { folder, record }: RecordedRun,
  config: DataConfig,
  device: string,
  context: StageContext,
): Promise<RunData> {
  const { digest, recordsSha256, classNames } = record.data;
  const recorded =
    recordsSha256 === undefined
      ? undefined
      : { ...readRecords(folder.file("records"), recordsSha256), classNames, data: record.data };
  const loaded = await context.data.load(config, device, context.log, recorded);
  const { dataset, listed } = loaded;
  const found = recorded === undefined ? {} : { recorded };
  if (dataset.digest === digest) return { loaded, ...found };
  const named = { ...loaded, dataset: { ...dataset, digest } };
  // Poisoned images that are gone have no digest; the clean ones are those of the listing.
  if (recorded !== undefined && config.poison !== undefined && isAnyAbsent(loaded)) return { loaded: named, ...found };
  // Earlier versions hashed the pixels of image files after they were brought to another size.
  if (recorded === undefined && digestOf(dataset) === digest) {
    return { loaded: { ...named, ...defined({ listed: listed && { ...listed, digest } }) } };
  }
  throw new CoppiceError("E_CONFIG", `${folder.path}: expected data of digest ${digest}, got ${dataset.digest}`, {
    hint: `the run was made with ${record.data.name} from ${record.data.source}; name the same data with --data-folder`,
  });
}

/** The data and the split of a run that is taken up again. @throws CoppiceError as `loadRunData` and `checkPresent` */
export async function dataOfResumed(
  run: RecordedRun,
  { data, device }: { readonly data: DataConfig; readonly device: string },
  context: StageContext,
): Promise<{ readonly loaded: LoadedData; readonly split: SplitManifest }> {
  const { folder, record } = run;
  const { loaded } = await loadRunData(run, data, device, context);
  const split = folder.readSplit();
  checkPresent({ loaded, split, where: folder.path, record });
  logChanges(loaded, split, `by ${record.name}`, context.log);
  return { loaded, split };
}

function isAnyAbsent({ absent }: LoadedData): boolean {
  return absent !== undefined && absent.train.size + absent.test.size > 0;
}

interface Needed {
  readonly loaded: LoadedData;
  /** Whose images are needed: all but those it forgets. */
  readonly split: SplitManifest;
  /** The run, for the error. */
  readonly where: string;
  readonly record: Pick<RunRecord, "data">;
  /** What else can be done. */
  readonly hint?: string;
}

const mostNamed = 3;

/**
 * That every image that the split trains on, validates or tests with is there and unchanged.
 * @throws CoppiceError E_CONFIG with how many are not, and the first of them
 */
export function checkPresent({ loaded, split, where, record, hint }: Needed): void {
  const lost = lostImages(loaded, split);
  if (lost.length === 0) return;
  const { train, validation, test } = split.indices;
  const counts = (["missing", "changed"] as const).flatMap((how) => {
    const count = lost.filter((image) => image.how === how).length;
    return count === 0 ? [] : [`${count} ${how}`];
  });
  const named = lost.slice(0, mostNamed).map(({ name, how }) => `${name} is ${how}`);
  if (lost.length > named.length) named.push(`and ${lost.length - named.length} more`);
  const all = train.length + validation.length + test.length;
  const expected = `the ${all} records that it was trained, validated and tested on`;
  throw new CoppiceError(
    "E_CONFIG",
    `${where}: expected ${expected}, got ${counts.join(" and ")} (${named.join("; ")})`,
    {
      hint: `restore them, or name the data as they were with --data-folder; the run was made with ${record.data.name} from ${record.data.source}${hint === undefined ? "" : `. ${hint}`}`,
    },
  );
}

interface LostImage {
  readonly name: string;
  readonly how: Absence;
}

/** Images that are needed and gone: of the training part first. */
function lostImages({ absent, dataset }: LoadedData, { indices }: SplitManifest): LostImage[] {
  if (absent === undefined) return [];
  const { retain, withheld = [], validation, test } = indices;
  const lost = (part: "train" | "test", needed: readonly number[]): LostImage[] =>
    needed.flatMap((index) => {
      const how = absent[part].get(index);
      if (how === undefined) return [];
      // The id of a file that is not there is not known: no listing has any.
      const name =
        how === "changed"
          ? dataset[part].ids(index)
          : `${part} image ${index} of class ${numberedClass(dataset[part].labels[index] ?? -1, dataset.classNames)}`;
      return [{ name, how }];
    });
  const trained = [...retain, ...withheld, ...validation].toSorted((a, b) => a - b);
  return [...lost("train", trained), ...lost("test", test)];
}

/** One line for log and record on images that are gone, all of which the split forgets or leaves out. @param by as `by run x` */
export function absentNote(
  { absent, dataset }: LoadedData,
  { indices }: SplitManifest,
  by: string,
): string | undefined {
  if (absent === undefined || absent.train.size + absent.test.size === 0) return undefined;
  const gone = absent.train.size + absent.test.size;
  const all = dataset.train.count + dataset.test.count;
  const forgotten = indices.forget.filter((index) => absent.train.has(index)).length;
  const how = forgotten === gone ? "forgotten" : "forgotten or left out";
  return `${gone} of ${all} records ${gone === 1 ? "is" : "are"} gone, all of them ${how} ${by}`;
}

/** Says in the log what came and went since the run was made. */
export function logChanges(loaded: LoadedData, split: SplitManifest, by: string, log: (message: string) => void): void {
  const { added = 0 } = loaded;
  if (added > 0) log(`${added} ${added === 1 ? "image has" : "images have"} come since: left out`);
  const note = absentNote(loaded, split, by);
  if (note !== undefined) log(note);
}
