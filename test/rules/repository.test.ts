/** The repository as others find it. */
import { accessSync, constants, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { matchingLines, repositoryRoot, sourceFiles } from "../support/source-files.ts";

interface Package {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly overrides: Record<string, string>;
  readonly scripts: Record<string, string>;
}

interface Lock {
  readonly packages: Record<string, { readonly optionalDependencies?: Record<string, string> }>;
}

const read = (path: string): string => readFileSync(join(repositoryRoot, path), "utf8");
const manifest = JSON.parse(read("package.json")) as Package;
const self = "test/rules/repository.test.ts"; // holds what it looks for
const files = sourceFiles("").filter(({ path }) => path !== self && path !== "package-lock.json");

describe("package.json", () => {
  const exact = /^\d+\.\d+\.\d+$/;

  it("pins exact versions", () => {
    const wanted = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.overrides };
    expect(Object.entries(wanted).filter(([, version]) => !exact.test(version))).toEqual([]);
  });

  it("would be seen to float", () => {
    for (const version of ["^1.2.3", "~1.2.3", "1.2", "*", "latest", "1.x.0"]) expect(version).not.toMatch(exact);
  });

  it.each(["setup", "demo", "test", "check", "bench"])("has the command %s", (name) => {
    expect(manifest.scripts[name]).toBeTypeOf("string");
  });
});

describe("package-lock.json", () => {
  /** Optional packages (one for each platform, mostly) that `npm ci` would miss: it refuses the whole lock then. */
  function unlocked({ packages }: Lock): string[] {
    return Object.entries(packages).flatMap(([from, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !(`node_modules/${name}` in packages) && !(`${from}/node_modules/${name}` in packages))
        .map((name) => `${from} wants ${name}`),
    );
  }

  it("has every platform's packages", () => {
    expect(unlocked(JSON.parse(read("package-lock.json")) as Lock)).toEqual([]);
  });

  it("would be seen incomplete", () => {
    const packages = {
      "node_modules/a": { optionalDependencies: { "a-linux": "1.0.0", "a-darwin": "1.0.0" } },
      "node_modules/a-linux": {},
    };
    expect(unlocked({ packages })).toEqual(["node_modules/a wants a-darwin"]);
  });
});

describe("text", () => {
  const machinePath = /(?<![\w.:/$}])\/(home|root|work|Users)\/\w/;
  const leftover = /\b(TODO|FIXME|XXX|HACK)\b|\b([Nn]ot implemented)\b/;

  it("names no path of one machine", () => {
    expect(files.flatMap((file) => matchingLines(file, machinePath))).toEqual([]);
  });

  it("leaves nothing to do", () => {
    expect(files.flatMap((file) => matchingLines(file, leftover))).toEqual([]);
  });

  it("would be caught", () => {
    for (const line of ["cd /home/me/coppice", 'open("/root/x")', "see /work/shared"])
      expect(line).toMatch(machinePath);
    for (const line of ["https://example.org/home/page", "src/work/a.ts", "$HOME/x"])
      expect(line).not.toMatch(machinePath);
    for (const line of ["// TODO: later", "throws not implemented"]) expect(line).toMatch(leftover);
  });
});

describe("documents", () => {
  it("README.md shows both commands", () => {
    expect(read("README.md")).toMatch(/^\s*npm run demo\b/m);
    expect(read("README.md")).toMatch(/^\s*npm test\b/m);
  });

  it(".ci/run runs the README's test command", () => {
    expect(read(".ci/run")).toMatch(/^npm test\b/m);
    expect(() => accessSync(join(repositoryRoot, ".ci/run"), constants.X_OK)).not.toThrow();
  });
});
