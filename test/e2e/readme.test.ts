/** The README's example runs as it stands there. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

it("the library example prints UA and its gap to Retrain", async () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  // inside of the package, so that "coppice" means this checkout
  mkdirSync(join(root, "build"), { recursive: true });
  const script = join(root, "build", "readme-example.mts");
  writeFileSync(script, example);
  const folder = mkdtempSync(join(tmpdir(), "coppice-readme-"));
  try {
    const { stdout } = await promisify(execFile)(join(root, "node_modules/.bin/tsx"), [script], { cwd: folder });
    const [ua, gap] = (stdout.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
    expect(ua).toBeGreaterThanOrEqual(0);
    expect(ua).toBeLessThanOrEqual(1);
    expect(gap).toBeCloseTo(1 - (ua ?? Number.NaN), 9); // Retrain has never seen the class
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(script);
  }
});
