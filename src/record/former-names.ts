/** Records that had another name in earlier versions; what is in them is the same. They are read under the new name. */

/** Today's file name by the former one. */
export const formerFiles: Readonly<Record<string, string>> = {
  "cleanses.json": "cleanse-comparison.json",
  "cleansing.json": "backdoor-experiment.json",
};

/** File names that the record of today's name `file` had. */
export function formerNamesOf(file: string): string[] {
  return Object.entries(formerFiles).flatMap(([before, now]) => (now === file ? [before] : []));
}

const formerFormats: Readonly<Record<string, string>> = {
  "coppice-cleanse-series": "coppice-cleanse-comparison",
  "coppice-cleansing": "coppice-backdoor-experiment",
};

/** `record` with today's `format` where it has a former one. */
export function withPresentFormat(record: unknown): unknown {
  if (typeof record !== "object" || record === null || !("format" in record)) return record;
  const format = formerFormats[String(record.format)];
  return format === undefined ? record : { ...record, format };
}
