/**
 * How two results may differ: what says when, where and by which program it was made, and what was renamed between the two. The one
 * place to change when a field, a file or a format gets another name.
 */

export interface Allowed {
  /** Names of files and folders that are not compared. */
  readonly leftOutFiles: readonly RegExp[];
  /** Fields that are not compared, with all below them: a name, or the end of a path (`budget.seconds`). */
  readonly leftOutFields: readonly string[];
  /** Fields whose words count, though there is a space in them. */
  readonly exactFields: readonly string[];
  /** Names of files and folders: before, and after. */
  readonly files: Readonly<Record<string, string>>;
  /** Fields, by name or end of a path, and their last name after; null where the field is gone. Fields around them go by their later names. */
  readonly fields: Readonly<Record<string, string | null>>;
  /** Values that are names, such as formats, before and after. */
  readonly values: Readonly<Record<string, string>>;
  /** Fields that only the later program writes. */
  readonly added: readonly string[];
}

const times = [
  "startedAt",
  "finishedAt",
  "resumedAt",
  "createdAt",
  "seconds",
  "dataSeconds",
  "denseSeconds",
  "denseSecondsPerImage",
  "forgetSeconds",
  "transferSeconds",
  "countSeconds",
  "leaveOutSeconds",
  "RTE",
  "peakMiB",
];

const paths = [
  "path",
  "command",
  "folder",
  "config.model",
  "config.after",
  "request.file",
  "data.source",
  "best.forget",
];

/** Of files in which times stand. */
const hashes = ["files", "recordHash"];

/** The environment says versions, processor and load. */
const versions = ["version", "code", "environment"];

export const allowed: Allowed = {
  leftOutFiles: [
    /^(report|cleanse)\.html$/, // words and drawings, made of the records
    /^(times|trials)\.\w+$/, // run times, and tables in which they stand
    /^(job|id)\.json$/, // how long a job took; which folder of jobs it is
    /^(leases|failed)$/,
    /^attempt-\d+$/,
  ],
  leftOutFields: [...times, ...paths, ...versions, ...hashes],
  exactFields: ["verdict"],
  files: { "cleanses.json": "cleanse-comparison.json", "cleansing.json": "backdoor-experiment.json" },
  fields: {},
  values: {
    "coppice-cleanse-series": "coppice-cleanse-comparison",
    "coppice-cleansing": "coppice-backdoor-experiment",
  },
  added: ["warnings"], // of an experiment, those of its runs, which only the record of the demo held before
};
