/** The records of a data set as lists name them: by id or position, with the part that each is in. */
import type { MatchName } from "../../record/forget-request.ts";
import type { SplitManifest } from "../../record/split.ts";
import type { SplitDataset } from "../split-dataset.ts";
import { looseKey, looseKeysOfListed } from "./loose-key.ts";
import { composed } from "./match.ts";

/** `train`: trained on; the other parts are not. */
export type RecordPart = "train" | "validation" | "test";

export interface FoundRecord {
  readonly part: RecordPart;
  /** Into the data set's train part, or into its test part. */
  readonly index: number;
}

/** A record, or several that are equally meant. */
export type Found = readonly FoundRecord[];

/** Looks records up; the tables are made when they are first needed. */
export class Records {
  readonly #base: SplitManifest;
  readonly #dataset: SplitDataset;
  readonly #trained: ReadonlySet<number>;
  readonly #byId: ReadonlyMap<string, Found>;
  readonly #byMatch = new Map<string, ReadonlyMap<string, Found>>();
  #byLooseKey: ReadonlyMap<string, Found> | undefined;
  #byPosition: ReadonlyMap<number, number> | undefined;

  constructor(base: SplitManifest, dataset: SplitDataset) {
    this.#base = base;
    this.#dataset = dataset;
    this.#trained = new Set(base.indices.train);
    this.#byId = this.#recordsBy((id) => id);
  }

  /** For a message: how an id looks. */
  get example(): string {
    return this.#dataset.train.ids(0);
  }

  /** Largest position of a record. */
  get lastPosition(): number {
    return [...this.#positions().keys()].reduce((most, position) => Math.max(most, position), 0);
  }

  idOf({ part, index }: FoundRecord): string {
    return this.#dataset[part === "test" ? "test" : "train"].ids(index);
  }

  /** Those with exactly this id, also where their files are gone. */
  withId(id: string): Found {
    const found = this.#byId.get(id);
    if (found !== undefined) return found;
    const { train, test } = this.#dataset;
    const [inTrain, inTest] = [train.find?.(id), test.find?.(id)];
    return [
      ...(inTrain === undefined ? [] : [this.#trainRecord(inTrain)]),
      ...(inTest === undefined ? [] : [{ part: "test" as const, index: inTest }]),
    ];
  }

  /** Those that are the same as this id but for `match`. */
  like(id: string, match: readonly MatchName[]): Found {
    const key = match.toSorted().join();
    const table = this.#byMatch.get(key) ?? this.#recordsBy(composed(match).key);
    this.#byMatch.set(key, table);
    const listed = composed(match).keysOfListed?.(id) ?? [];
    return [...new Set(listed.flatMap((each) => table.get(each) ?? []))];
  }

  /** Those that this text may mean, written in another way or under other folders: reason enough not to pass it over, never to take them for it. */
  resembling(text: string): Found {
    this.#byLooseKey ??= this.#recordsBy(looseKey);
    const table = this.#byLooseKey;
    return [...new Set(looseKeysOfListed(text).flatMap((key) => table.get(key) ?? []))];
  }

  /** The record of the whole train part at this position, if it was loaded. */
  at(position: number): Found {
    const index = this.#positions().get(position);
    return index === undefined ? [] : [this.#trainRecord(index)];
  }

  #positions(): ReadonlyMap<number, number> {
    if (this.#byPosition !== undefined) return this.#byPosition;
    const { labels, positions = (index: number): number => index } = this.#dataset.train;
    this.#byPosition = new Map(Array.from(labels.keys(), (index) => [positions(index), index]));
    return this.#byPosition;
  }

  #trainRecord(index: number): FoundRecord {
    return { part: this.#trained.has(index) ? "train" : "validation", index };
  }

  #recordsBy(keyOf: (id: string) => string): ReadonlyMap<string, Found> {
    const { train, test } = this.#dataset;
    const table = new Map<string, FoundRecord[]>();
    const add = (id: string, record: FoundRecord): void => {
      const key = keyOf(id);
      const others = table.get(key);
      if (others === undefined) table.set(key, [record]);
      else others.push(record);
    };
    for (const index of train.labels.keys()) add(train.ids(index), this.#trainRecord(index));
    for (let index = 0; index < this.#base.dataset.numTest; index++) add(test.ids(index), { part: "test", index });
    return table;
  }
}
