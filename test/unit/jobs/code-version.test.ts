import { describe, expect, it } from "vitest";
import { codeVersion, filesOf, roomsOfStages } from "../../../src/jobs/code-version.ts";
import { importsOf, sourceFiles } from "../../support/source-files.ts";

const roomOf = (path: string): string | undefined => /^src\/([^/]+)\//.exec(path)?.[1];

/** Rooms that the files of `room` import, directly or through other rooms, and `room` itself. */
function closureOf(room: string): string[] {
  const edges = sourceFiles("src", /\.ts$/).flatMap(importsOf);
  const found = new Set([room]);
  for (const reached of found) {
    for (const { from, to } of edges) {
      const next = roomOf(to);
      if (roomOf(from) === reached && next !== undefined) found.add(next);
    }
  }
  return [...found].toSorted();
}

describe("the code version", () => {
  it("covers every room that stages imports, directly or not", () => {
    expect(closureOf("stages")).toEqual([...roomsOfStages].toSorted());
  });

  it("covers neither what judges results nor what shows them", () => {
    for (const room of ["findings", "report", "format", "jobs", "experiments", "cli"])
      expect(roomsOfStages).not.toContain(room);
  });

  it("covers every file of native, so also the one with the compiler flags", () => {
    const covered = filesOf(["../native"]).map((path) => path.slice(path.indexOf("native/")));
    expect(covered).toContain("native/CMakeLists.txt");
    expect(covered).toEqual(
      sourceFiles("native")
        .map(({ path }) => path)
        .toSorted(),
    );
  });

  it("is a SHA-256, and another one where a job's own folder counts too", () => {
    expect(codeVersion()).toMatch(/^[0-9a-f]{64}$/);
    expect(codeVersion()).toBe(codeVersion());
    expect(codeVersion("tune")).not.toBe(codeVersion());
  });
});
