/** What is said of the data before a run begins: in the log with ids, in the record in numbers only, since a record keeps nothing of the forgotten. */
import { repeatedImages, type StayingCopies } from "../data/copies.ts";
import type { ImageDataset } from "../data/dataset.ts";
import type { SplitManifest } from "../record/split.ts";
import type { Method } from "../unlearn/index.ts";
import { type LoadedData, presentForget } from "./data-context.ts";
import { absentNote, logChanges } from "./run-data.ts";

type Log = (message: string) => void;

const mostNamed = 3;

export interface ForgetData {
  readonly method: Pick<Method, "name" | "needs">;
  readonly loaded: LoadedData;
  readonly split: SplitManifest;
  readonly copies: StayingCopies;
}

/** Says what is gone, what is copied and what was taken along. @returns the notes of the run's record */
export function sayOfForget({ method, loaded, split, copies }: ForgetData, log: Log): string[] {
  const gone = absentNote(loaded, split, "by this run");
  logChanges(loaded, split, "by this run", log);
  const { length } = split.indices.forget;
  const there = presentForget(loaded, split).length;
  if (method.needs.forget && there < length)
    log(`${method.name} reads ${there} of ${length} images to forget: the others are gone`);
  for (const line of alongLines(split)) log(line);
  const staying = copiesLine(loaded.dataset, split, copies);
  if (staying !== null) log(`${staying} (--with-copies takes copies along)`);
  return [...(gone === undefined ? [] : [gone]), ...copiesNote(split, copies)];
}

/** `1 of 1 has an exact copy that stays: train/a/9.png` @returns null where there is none */
export function copiesLine({ train, test }: ImageDataset, split: SplitManifest, copies: StayingCopies): string | null {
  const { otherClass, retain, validation } = copies;
  const who = whoHasCopies(copies, `of ${split.indices.forget.length}`);
  if (who === null) return null;
  const ids = [
    ...[...retain, ...validation].map((index) => train.ids(index)),
    ...copies.test.map((index) => test.ids(index)),
  ];
  const named = ids.slice(0, mostNamed).join(", ");
  const more = ids.length > mostNamed ? ` and ${ids.length - mostNamed} more` : "";
  const elsewhere = otherClass.length === 0 ? "" : `; in another class: ${otherClass.length}`;
  return `${who} that stays: ${named}${more}${elsewhere}`;
}

/** `1 of 2 and 1 image left out or passed over have an exact copy` @param ofAll follows the number of forgotten images */
function whoHasCopies({ forgotten, untrained }: StayingCopies, ofAll: string): string | null {
  const who = [
    ...(forgotten.length > 0 ? [`${forgotten.length} ${ofAll}`] : []),
    ...(untrained > 0 ? [`${untrained} ${untrained === 1 ? "image" : "images"} left out or passed over`] : []),
  ];
  if (who.length === 0) return null;
  return `${who.join(" and ")} ${forgotten.length + untrained === 1 ? "has" : "have"} an exact copy`;
}

function copiesNote({ indices }: SplitManifest, copies: StayingCopies): string[] {
  const { retain, validation, test } = copies;
  const who = whoHasCopies(copies, `of ${indices.forget.length} images to forget`);
  if (who === null) return [];
  const where = `${retain.length} in the retain set, ${validation.length} in validation, ${test.length} in test`;
  return [`${who} that stays: ${where}`];
}

function alongLines({ along }: SplitManifest): string[] {
  const words = { copies: "as exact copies", missing: "as missing" } as const;
  return (["copies", "missing"] as const).flatMap((why) => {
    const taken = along?.[why];
    if (taken === undefined) return [];
    const { train, validation, test } = taken;
    return [`taken along ${words[why]}: ${train} training, ${validation} validation and ${test} test images`];
  });
}

/** At the start of a training: images that stand in two places. @returns the notes of the run's record */
export function sayOfRepeats({ dataset }: Pick<LoadedData, "dataset">, log: Log): string[] {
  const { inTwoClasses, inBothParts } = repeatedImages(dataset);
  const stand = (count: number, where: string): string[] =>
    count === 0 ? [] : [`${count} ${count === 1 ? "image stands" : "images stand"} ${where}`];
  const found = [...stand(inTwoClasses, "in two classes"), ...stand(inBothParts, "both in train and in test")];
  if (found.length === 0) return [];
  const note = `exact copies: ${found.join(", ")}`;
  log(note);
  return [note];
}
