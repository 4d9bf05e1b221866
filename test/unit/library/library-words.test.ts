import { expect, it } from "vitest";
import { inLibraryWords } from "../../../src/library/library-words.ts";
import { CoppiceError } from "../../../src/util/errors.ts";

it.each([
  [
    "choose another folder with --out, or replace the run with --force",
    "choose another folder with `out`, or replace the run with `force`",
  ],
  ["name it with --data-folder", "name it with `dataFolder`"],
  ["for example --class 3", "for example `classes` 3"],
  [
    "run `coppice data get mnist --folder x`, or use --allow-unverified",
    "run `coppice data get mnist --folder x`, or use `allowUnverified`",
  ],
  [
    "the error is in that file: --debug shows the line",
    "the error is in that file: the `cause` of the error shows the line",
  ],
])("says %s as %s", (text, words) => {
  const error = new CoppiceError("E_DATA", `x: ${text}`, { hint: text });
  expect(inLibraryWords(error)).toMatchObject({ code: "E_DATA", message: `x: ${words}`, hint: words, cause: error });
});

it("leaves everything else as it is", () => {
  const plain = new CoppiceError("E_DATA", "runs/a--b: expected 1 - 2 -- 3, got -1");
  for (const error of [plain, new TypeError("--out"), "--out", null]) expect(inLibraryWords(error)).toBe(error);
});
