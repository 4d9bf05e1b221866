import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import {
  candidateFolders,
  dataFolders,
  downloadFolder,
  isFolder,
  kindAt,
  namesIn,
  notFound,
} from "../../../src/data/locations.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

afterEach(() => vi.unstubAllEnvs());

it("keeps data where COPPICE_DATA says, else in the user's cache", () => {
  vi.stubEnv("COPPICE_DATA", "/some/where");
  expect(downloadFolder()).toBe("/some/where");
  vi.stubEnv("COPPICE_DATA", "");
  expect(downloadFolder()).toBe(join(homedir(), ".cache/coppice/data"));
  vi.stubEnv("COPPICE_DATA", undefined);
  expect(downloadFolder()).toBe(join(homedir(), ".cache/coppice/data"));
});

it("looks there and where distributions install data, or only in the folder named", () => {
  vi.stubEnv("COPPICE_DATA", "/d");
  expect(dataFolders()).toEqual(["/d", "/usr/share/datasets"]);
  expect(dataFolders("/only")).toEqual(["/only"]);
  expect(candidateFolders(undefined, ["x", ""])).toEqual([
    "/d/x",
    "/d",
    "/usr/share/datasets/x",
    "/usr/share/datasets",
  ]);
  expect(candidateFolders("/only", ["x/y", ""])).toEqual(["/only/x/y", "/only"]);
});

it("lists a folder, and nothing where there is none", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "sub"));
  writeFileSync(join(folder, "file"), "");
  expect(namesIn(folder).toSorted()).toEqual(["file", "sub"]);
  expect(namesIn(join(folder, "absent"))).toEqual([]);
  expect(namesIn(join(folder, "file"))).toEqual([]);
  expect([isFolder(folder), isFolder(join(folder, "file")), isFolder(join(folder, "absent"))]).toEqual([
    true,
    false,
    false,
  ]);
  expect(() => namesIn(`${folder}/${"x".repeat(300)}`)).toThrow(
    "expected a folder that can be read, got a name that is too long",
  );
});

it("takes a link for what it leads to", () => {
  const folder = temporaryFolder();
  symlinkSync(folder, join(folder, "link"));
  symlinkSync("nowhere", join(folder, "dangling"));
  symlinkSync("loop", join(folder, "loop"));
  const kinds = ["link", "dangling", "loop"].map((name) => kindAt(join(folder, name)));
  expect(kinds).toEqual(["folder", undefined, undefined]);
  expect(kindAt("/dev/null")).toBe("device");
  expect(namesIn(join(folder, "loop"))).toEqual([]);
});

it("says what was looked for and where", () => {
  expect(notFound("Set", ["/a", "/b"], "do this")).toMatchObject({
    code: "E_DATA",
    message: "Set: expected its files in one of /a, /b, got none there",
    hint: "do this",
  });
});
