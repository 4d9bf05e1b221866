/** Ids of a list by themselves, whichever data set they are of. */
import { CoppiceError } from "../../util/errors.ts";
import { readCsvList } from "./csv-list.ts";
import { readJsonList } from "./json-list.ts";
import { isJsonList, readListText } from "./list-text.ts";
import type { TableOptions } from "./listed.ts";
import { columnOf } from "./table-column.ts";

export interface IdsOptions extends TableOptions {
  /** Whether a text is the id of an image: such a first line is no header. */
  readonly isId: (text: string) => boolean;
}

/**
 * The ids that the file at `path` lists, in its order and as they stand there; its forms are those of `readForgetList`.
 * @throws CoppiceError E_DATA for a file that cannot be read, lists none, or lists positions
 */
export function readIds(path: string, { isId, ...table }: IdsOptions): string[] {
  const { text } = readListText(path);
  const options = { path, by: "ids" as const, ...table };
  const read = isJsonList(text, path) ? readJsonList(text, options) : readCsvList(text, { ...options, isId });
  const { by, values } = "columns" in read ? columnOf(read, options) : read;
  if (by === "ids" && values.length > 0) return values.map((value) => value.text);
  const got = values.length === 0 ? "none" : "positions";
  throw new CoppiceError("E_DATA", `${path}: expected at least one id, got ${got}`, {
    hint: "list one id a line below the header id",
  });
}
