import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { hashOfModule } from "../../../src/plugins/index.ts";
import { sha256Hex } from "../../../src/util/hash.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

it("is the hash of a file that imports none of its neighbours", () => {
  const file = join(temporaryFolder(), "a.ts");
  writeFileSync(file, 'import { x } from "coppice";\n');
  expect(hashOfModule(file)).toBe(sha256Hex('import { x } from "coppice";\n'));
});

it.each([
  ['import { b } from "./b.ts";', "b.ts"],
  ['import { b } from "./b.js";', "b.ts"],
  ['import { b } from "./b";', "b.ts"],
  ['export * from "./b.mjs";', "b.mjs"],
  ['const b = await import("./b.ts");', "b.ts"],
  ['const b = require("./b.cjs");', "b.cjs"],
])("changes with a neighbour that `%s` imports, and with what that one imports", (text, neighbour) => {
  const folder = temporaryFolder();
  const write = (name: string, content: string): void => writeFileSync(join(folder, name), content);
  write("a.ts", text);
  write(neighbour, 'import "./c.ts";\nimport "./a.ts";\n');
  write("c.ts", "1");
  const hashes = [hashOfModule(join(folder, "a.ts"))];
  write("c.ts", "2");
  hashes.push(hashOfModule(join(folder, "a.ts")));
  write(neighbour, 'import "./c.ts";\n');
  hashes.push(hashOfModule(join(folder, "a.ts")));
  write("unrelated.ts", "3");
  expect(new Set(hashes).size).toBe(3);
  expect(hashOfModule(join(folder, "a.ts"))).toBe(hashes[2]);
});
