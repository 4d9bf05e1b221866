/** What is said of an image folder once it is read, in the log and in the record of a run. */
import { numberedClass } from "../../util/numbered-class.ts";
import { type LeftOut, leftOutLines, plain } from "./left-out.ts";
import type { Trait } from "./raw-image.ts";

export interface PartFindings {
  readonly part: "train" | "test";
  readonly leftOut: readonly LeftOut[];
  readonly traits: ReadonlyMap<Trait, number>;
  readonly count: number;
  /** Numbers of classes without an image. */
  readonly empty: readonly number[];
}

export interface Findings {
  readonly parts: readonly PartFindings[];
  /** In label order. */
  readonly classNames: readonly string[];
  /** Folders beside the two parts. */
  readonly otherFolders: readonly string[];
  readonly applyOrientation: boolean;
}

const MOST_CLASSES = 5;

/** A line for each thing. @param names whether files are named; the record of a run goes without them */
export function findingLines(findings: Findings, names: boolean): string[] {
  const { parts, classNames, otherFolders } = findings;
  const others = otherFolders.map(plain).join(", ");
  return [
    ...(others === "" ? [] : [`data folder: not read, folders beside the two parts: ${others}`]),
    ...parts.flatMap(({ part, leftOut }) => leftOutLines(part, leftOut, names)),
    ...parts.flatMap(({ part, empty }) => emptyLine(part, empty, classNames)),
    ...traitLines(findings),
  ];
}

function emptyLine(part: string, empty: readonly number[], classNames: readonly string[]): string[] {
  if (empty.length === 0) return [];
  const first = empty.slice(0, MOST_CLASSES).map((number) => numberedClass(number, classNames));
  const more = empty.length > MOST_CLASSES ? ` and ${empty.length - MOST_CLASSES} more` : "";
  return [`${part}: no images of ${empty.length === 1 ? "class" : "classes"} ${first.join(", ")}${more}`];
}

function traitLines({ parts, applyOrientation }: Findings): string[] {
  const words: Record<Trait, string> = {
    alpha: "an alpha channel, which is dropped",
    "16-bit": "samples of 16 bits, which are scaled to 8",
    CMYK: "CMYK, made RGB",
    grey: "grey, made RGB",
    palette: "a palette, made RGB",
    orientation: applyOrientation
      ? "an EXIF orientation, by which they are turned"
      : "an EXIF orientation, which is not applied, as in torchvision; --apply-orientation does it",
    frames: "several frames or pages, of which the first is read",
  };
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  return (Object.keys(words) as Trait[]).flatMap((trait) => {
    const count = parts.reduce((sum, { traits }) => sum + (traits.get(trait) ?? 0), 0);
    return count === 0 ? [] : [`${count} of ${total} images: ${words[trait]}`];
  });
}
