/** Transformations that make ids of another system those of the data set. Nothing is ever matched by one that nobody asked for. */
import { type MatchName, matchNames } from "../../record/forget-request.ts";

export interface Match {
  /** What it matches by: "all 160 match by file name". */
  readonly by: string;
  /** What is wrong with an id that only this makes right: "a file name without its folders". */
  readonly fault: string;
  /** What remains of an id; equal for ids that are the same but for this. */
  readonly key: (id: string) => string;
  /** Of a listed id, where it may be more than its key. */
  readonly keysOfListed?: (id: string) => readonly string[];
}

export const matches: Readonly<Record<MatchName, Match>> = {
  trimmed: {
    by: "text without blanks at its ends",
    fault: "an id with blanks at an end",
    key: (id) => id.trim(),
  },
  unicode: {
    by: "Unicode form NFC",
    fault: "an id in another Unicode form",
    key: (id) => id.normalize("NFC"),
  },
  case: {
    by: "letters, capital or not",
    fault: "an id with other capital letters",
    key: (id) => id.toUpperCase().toLowerCase(),
  },
  number: {
    by: "numbers without decimals",
    fault: "a number written as a decimal, as spreadsheets do",
    key: (id) => id.replace(/^(\d+)[.,]0+$/, "$1"),
  },
  zeros: {
    by: "numbers without leading zeros",
    fault: "an id with leading zeros lost or added, as spreadsheets do",
    key: (id) => id.replace(/(?<!\d)0+(?=\d)/g, ""),
  },
  path: {
    by: "path, whatever stands before it",
    fault: "an id written as a path, with \\, ./ or folders before it",
    key: cleanPath,
    keysOfListed: (id) => endsOfPath(cleanPath(id)),
  },
  part: {
    by: "path within train/ or test/",
    fault: "an id without train/ or test/ before it",
    key: (id) => id.replace(/^(train|test|val)\//, ""),
    keysOfListed: (id) => (namesPart(id) ? [] : [id]),
  },
  filename: {
    by: "file name",
    fault: "a file name without its folders",
    key: fileName,
    keysOfListed: (id) => (namesPart(id) ? [] : [fileName(id)]),
  },
  extension: {
    by: "name without its ending",
    fault: "an id with another ending, or none",
    key: (id) => id.replace(/(?<=[^\\/])\.[A-Za-z][A-Za-z0-9]{0,4}$/, ""),
  },
};

/** Several, done one after the other in the order of the table. */
export function composed(names: readonly MatchName[]): Match {
  const steps = matchNames.filter((name) => names.includes(name)).map((name) => matches[name]);
  return {
    by: steps.map(({ by }) => by).join(" and "),
    fault: steps.map(({ fault }) => fault).join(" and "),
    key: (id) => steps.reduce((text, { key }) => key(text), id),
    keysOfListed: (id) =>
      steps.reduce<readonly string[]>(
        (texts, { key, keysOfListed = (text) => [key(text)] }) => texts.flatMap(keysOfListed),
        [id],
      ),
  };
}

/** Whether a listed id says which part it is of: it must never be taken for an image of the other. */
function namesPart(id: string): boolean {
  return /(^|[\\/])(train|test|val)[\\/]/.test(id);
}

function fileName(id: string): string {
  return id.replace(/^.*[\\/]/s, "");
}

/** With / between folders, and without empty and `.` folders. */
function cleanPath(id: string): string {
  const parts = id.replaceAll("\\", "/").split("/");
  return parts.filter((part, i) => part !== "." && (part !== "" || i === parts.length - 1)).join("/");
}

/** The path, and what is left of it without its first folder, without its first two, …, but never without the part that it names. */
function endsOfPath(path: string): string[] {
  const folders = path.split("/");
  const ends = folders.map((_, i) => folders.slice(i).join("/"));
  return namesPart(path) ? ends.filter(namesPart) : ends;
}
