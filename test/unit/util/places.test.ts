import fc from "fast-check";
import { existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { expect, it } from "vitest";
import { overlap, realPlace, wayTo } from "../../../src/util/places.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { thrownBy } from "../../support/thrown-by.ts";

/** `runs/a` with a file, and links to the folder, to the one above it, and to where nothing is yet. */
function tree(): string {
  const root = realpathSync(temporaryFolder());
  mkdirSync(join(root, "runs", "a", "rounds"), { recursive: true });
  writeFileSync(join(root, "runs", "a", "run.json"), "");
  symlinkSync(join(root, "runs", "a"), join(root, "link"));
  symlinkSync("runs", join(root, "above"));
  symlinkSync(join("above", "new"), join(root, "nowhere"));
  symlinkSync("circle", join(root, "circle"));
  return root;
}

it("finds where a path leads, there or not", () => {
  const root = tree();
  const place = (path: string): string => relative(root, realPlace(`${root}/${path}`));
  expect(place("link/../a")).toBe("runs/a");
  expect(place("above/a/more/still")).toBe("runs/a/more/still");
  expect(place("nowhere")).toBe("runs/new");
  expect(place("nowhere/deep")).toBe("runs/new/deep");
  expect(place("link/run.json/x")).toBe("runs/a/run.json/x");
  expect(thrownBy(() => realPlace(join(root, "circle"))).message).toMatch(/got links that run in a circle$/);
});

it.each<[string, string, ReturnType<typeof overlap>]>([
  ["runs/a", "runs/a", "same"],
  ["link", "runs/a/", "same"],
  ["above/a/../a", "link", "same"],
  ["link/inside/of/it", "runs/a", "inside"],
  ["nowhere", "runs", "inside"],
  ["runs", "link", "around"],
  ["runs/ab", "runs/a", null],
  ["other", "runs/a", null],
])("%s lies to %s as %s", (path, other, expected) => {
  const root = tree();
  expect(overlap(join(root, path), join(root, other))).toBe(expected);
});

it("finds any way that leads to a folder, over links and back", () => {
  const root = tree();
  const steps = fc.constantFrom("runs", "a", "link", "above", "..", ".", "rounds");
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 6 }), (parts) => {
      // By the system itself: `..` behind a link leads to where the link's target lies, which `join` does not know.
      const path = `${root}/${parts.join("/")}`;
      fc.pre(existsSync(path));
      const real = realpathSync.native(path);
      const inside = relative(join(root, "runs", "a"), real);
      const expected = inside === "" ? "same" : !inside.startsWith("..") ? "inside" : null;
      const around = !relative(real, join(root, "runs", "a")).startsWith("..") ? "around" : null;
      expect(overlap(path, join(root, "runs", "a"))).toBe(expected ?? around);
    }),
  );
});

it("gives ways that stay true when all is moved together", () => {
  const root = tree();
  expect(wayTo(join(root, "runs", "b"), join(root, "link"))).toBe("../a");
  expect(wayTo(join(root, "link"), join(root, "runs", "a"))).toBe(".");
  expect(resolve(join(root, "runs", "a"), wayTo(join(root, "link"), join(root, "nowhere")))).toBe(
    join(root, "runs", "new"),
  );
});
