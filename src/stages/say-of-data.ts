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
  const { forgotten, otherClass, retain, validation } = copies;
  if (forgotten.length === 0) return null;
  const ids = [
    ...[...retain, ...validation].map((index) => train.ids(index)),
    ...copies.test.map((index) => test.ids(index)),
  ];
  const named = ids.slice(0, mostNamed).join(", ");
  const more = ids.length > mostNamed ? ` and ${ids.length - mostNamed} more` : "";
  const elsewhere = otherClass.length === 0 ? "" : `; in another class: ${otherClass.length}`;
  return `${forgotten.length} of ${split.indices.forget.length} ${have(forgotten.length)} that stays: ${named}${more}${elsewhere}`;
}

function have(count: number): string {
  return count === 1 ? "has an exact copy" : "have an exact copy";
}

function copiesNote({ indices }: SplitManifest, copies: StayingCopies): string[] {
  const { forgotten, retain, validation, test } = copies;
  if (forgotten.length === 0) return [];
  const where = `${retain.length} in the retain set, ${validation.length} in validation, ${test.length} in test`;
  return [
    `${forgotten.length} of ${indices.forget.length} images to forget ${have(forgotten.length)} that stays: ${where}`,
  ];
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
