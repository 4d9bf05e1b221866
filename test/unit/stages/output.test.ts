import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  checkApart,
  checkJobsFolder,
  checkOutputFile,
  checkOutsideRuns,
  checkResultsFolder,
  dataPlaces,
} from "../../../src/stages/output.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const messageOf = (action: () => void): string => thrownBy(action).message;

it("a place that is read is neither written to, nor within, nor around", () => {
  const root = temporaryFolder();
  const read = join(root, "data");
  mkdirSync(read);
  symlinkSync(read, join(root, "link"));
  const refusal = (out: string): string => messageOf(() => checkApart(out, [undefined, join(root, "nowhere"), read]));
  expect(refusal(read)).toBe(`${read}: expected a place apart from ${read}, which is read, got the same`);
  expect(refusal(join(root, "link"))).toMatch(/got the same$/);
  expect(refusal(join(root, "link", "runs", "a"))).toMatch(/got one inside of it$/);
  expect(refusal(root)).toMatch(/got one around it$/);
  expect(() => checkApart(join(root, "out"), [read, undefined])).not.toThrow();
  expect(dataPlaces({ source: read })).toEqual([read]);
  expect(dataPlaces({ source: "drawn from seed 0" })).toEqual([undefined]);
});

it("results go into a new folder, or one of an earlier call, never into a run or among other files", () => {
  const root = temporaryFolder();
  const holding = (...names: string[]): string => {
    const folder = join(root, names.join("-"));
    mkdirSync(folder);
    for (const name of names) writeFileSync(join(folder, name), "");
    return folder;
  };
  const own = ["experiment.json"];
  for (const folder of [join(root, "new"), root.concat("/empty"), holding("experiment.json", "scores.md")])
    expect(() => checkResultsFolder(folder, own, []), folder).not.toThrow();
  expect(messageOf(() => checkResultsFolder(holding("thesis.md", "scores.md"), own, []))).toMatch(
    /expected a new folder, or one of an earlier call, got one that holds scores.md, thesis.md$/,
  );
  expect(messageOf(() => checkResultsFolder(holding("experiment.json", "run.json"), own, []))).toMatch(/holds a run$/);
  expect(() => checkJobsFolder(holding("id.json"), [])).not.toThrow();
  expect(messageOf(() => checkJobsFolder(holding("photo.png"), []))).toMatch(/holds photo.png$/);
  const jobs = holding("done");
  expect(messageOf(() => checkJobsFolder(jobs, [jobs]))).toMatch(/which is read, got the same$/);
});

it("a file is written where there is none, and replaced only where it is of the same kind", () => {
  const root = temporaryFolder();
  const file = (name: string): string => join(root, name);
  const check = (name: string, replace = true): void =>
    checkOutputFile(file(name), { what: "a list", isOwn: (text) => text.startsWith("id\n"), replace });
  check("new.csv");
  writeFileSync(file("own.csv"), "id\n1\n");
  check("own.csv");
  expect(messageOf(() => check("own.csv", false))).toMatch(/expected a file that is not there yet, got one that is$/);
  writeFileSync(file("mine.csv"), "name\n");
  expect(messageOf(() => check("mine.csv"))).toMatch(
    /expected a list to replace, got a file that Coppice did not write$/,
  );
  mkdirSync(file("folder"));
  expect(messageOf(() => check("folder"))).toMatch(/expected the name of a file to write, got a folder$/);
  symlinkSync("own.csv", file("link.csv"));
  expect(messageOf(() => check("link.csv"))).toMatch(/got a link or a device$/);
  writeFileSync(file("run.json"), "{}");
  expect(messageOf(() => check("model.safetensors"))).toMatch(/expected a list beside the files of a run/);
  check("report.html");
  expect(readFileSync(file("mine.csv"), "utf8")).toBe("name\n");
});

it("what is no part of a run stays out of its folder", () => {
  const root = temporaryFolder();
  checkOutsideRuns(join(root, "data"));
  writeFileSync(join(root, "run.json"), "{}");
  expect(messageOf(() => checkOutsideRuns(join(root, "data", "mnist")))).toMatch(
    /expected a place outside of run folders, got one in the run /,
  );
});
