import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { droppedClasses } from "../../../src/cli/dropped-classes.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const base = { drop: "counts" as const, counts: [0, 1, 2, 3] };

describe("source classes to remove", () => {
  it("are those of lowest value where none are named", () => {
    expect(droppedClasses({}, base)).toEqual(base);
    expect(droppedClasses({ dropClasses: ["auto"], rank: "leave-out", counts: [0, 2] }, base)).toEqual({
      drop: "leave-out",
      counts: [0, 2],
    });
  });

  it("are those that are named, none and all of them unless counts say otherwise", () => {
    expect(droppedClasses({ dropClasses: ["cat,dog", "3"] }, base)).toEqual({
      drop: ["cat", "dog", "3"],
      counts: [0, 3],
    });
    expect(droppedClasses({ dropClasses: ["cat"], counts: [1] }, base)).toEqual({ drop: ["cat"], counts: [1] });
  });

  it("may stand in a file, a line each, with commas in their names", () => {
    const file = join(temporaryFolder(), "classes.txt");
    writeFileSync(file, "crane, the bird\r\n\n  tench \n");
    expect(droppedClasses({ dropClassesFile: file }, base).drop).toEqual(["crane, the bird", "tench"]);
    writeFileSync(file, "\n");
    expect(thrownBy(() => droppedClasses({ dropClassesFile: file }, base)).message).toContain(
      "at least one source class",
    );
    expect(thrownBy(() => droppedClasses({ dropClassesFile: `${file}.gone` }, base)).code).toBe("E_DATA");
  });

  it.each([
    [{ dropClasses: ["cat"], dropClassesFile: "classes.txt" }, "--drop-classes or --drop-classes-file, got both"],
    [{ dropClasses: ["cat"], rank: "counts" as const }, "--rank: expected --drop-classes auto beside it, got cat"],
    [{ dropClasses: [" , "] }, "--drop-classes: expected at least one source class, got none"],
  ])("are refused: %o", (options, message) => {
    const error = thrownBy(() => droppedClasses(options, base));
    expect([error.code, error.message]).toEqual(["E_ARG", expect.stringContaining(message)]);
  });
});
