/** Which source classes `coppice transfer` removes, as its flags say. */
import type { TransferSpec } from "../experiments/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { readText } from "../util/files.ts";

type Dropped = Pick<TransferSpec, "drop" | "counts">;

export interface DropOptions {
  readonly dropClasses?: readonly string[] | undefined;
  readonly dropClassesFile?: string | undefined;
  readonly rank?: Exclude<TransferSpec["drop"], readonly unknown[]> | undefined;
  readonly counts?: readonly number[] | undefined;
}

/**
 * The classes by name, or what ranks them; and how many of them are removed.
 * @param base what holds where no flag says otherwise
 * @throws CoppiceError E_ARG for flags that contradict each other or name no class, E_DATA for a file that cannot be read
 */
export function droppedClasses(options: DropOptions, base: Dropped): Dropped {
  const { rank, counts } = options;
  const names = namedClasses(options);
  if (names === undefined) return { drop: rank ?? base.drop, counts: counts ?? base.counts };
  if (rank === undefined) return { drop: names, counts: counts ?? [0, names.length] };
  throw new CoppiceError("E_ARG", `--rank: expected --drop-classes auto beside it, got ${names.join(", ")}`, {
    hint: "classes that are named are removed in that order",
  });
}

/** Undefined for auto. */
function namedClasses({ dropClasses, dropClassesFile }: DropOptions): string[] | undefined {
  if (dropClassesFile !== undefined && dropClasses !== undefined) {
    throw new CoppiceError(
      "E_ARG",
      "source classes to remove: expected --drop-classes or --drop-classes-file, got both",
      { hint: "put all classes into the file, in the order in which they are removed" },
    );
  }
  if (dropClassesFile !== undefined)
    return someNames(dropClassesFile, readText(dropClassesFile, "E_DATA").split(/\r?\n/));
  if (dropClasses === undefined || dropClasses.join() === "auto") return undefined;
  return someNames(
    "--drop-classes",
    dropClasses.flatMap((names) => names.split(",")),
  );
}

function someNames(where: string, texts: readonly string[]): string[] {
  const names = texts.map((text) => text.trim()).filter((name) => name !== "");
  if (names.length > 0) return names;
  throw new CoppiceError("E_ARG", `${where}: expected at least one source class, got none`, {
    hint: "`auto` removes the classes of lowest value first",
  });
}
