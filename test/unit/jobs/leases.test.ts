import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Leases } from "../../../src/jobs/leases.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const seconds = 0.2;
const strange = (beat: number): string =>
  JSON.stringify({ holder: { pid: 1, host: "elsewhere", started: null }, beat });

describe("a lease", () => {
  it("is one process's at a time, and free again once released", () => {
    const leases = new Leases(temporaryFolder(), 60);
    const lease = leases.take("a");
    expect(lease?.holds()).toBe(true);
    expect([leases.take("a"), leases.isTaken("a"), leases.isTaken("b")]).toEqual([null, true, false]);
    expect(leases.take("b")).not.toBeNull();
    lease?.release();
    lease?.release();
    expect(lease?.holds()).toBe(false);
    expect(leases.take("a")?.generation).toBe(0);
  });

  it("is kept as long as its holder gives signs of life", async () => {
    const folder = temporaryFolder();
    const lease = new Leases(folder, seconds).take("a");
    const other = new Leases(folder, seconds);
    for (let i = 0; i < 8; i++) {
      expect(other.take("a")).toBeNull();
      await sleep(100 * seconds * 5);
    }
    expect(lease?.holds()).toBe(true);
    lease?.release();
  });

  it("is over when it has not changed for long enough, by the observer's clock, whatever the holder's", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "a.0"), strange(7));
    const leases = new Leases(folder, seconds);
    expect(leases.take("a")).toBeNull();
    await sleep(600 * seconds);
    writeFileSync(join(folder, "a.0"), strange(8));
    expect(leases.take("a")).toBeNull();
    await sleep(600 * seconds);
    expect(leases.take("a")).toBeNull();
    await sleep(600 * seconds);
    const lease = leases.take("a");
    expect(lease?.generation).toBe(1);
    lease?.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is over at once when its process is known to be gone", () => {
    const folder = temporaryFolder();
    const leases = new Leases(folder, 60);
    leases.take("b");
    const { holder } = JSON.parse(JSON.stringify({ holder: { pid: 2 ** 22 + 1, host: "", started: null } }));
    holder.host = JSON.parse(readText(join(folder, "b.0"))).holder.host;
    writeFileSync(join(folder, "a.0"), JSON.stringify({ holder, beat: 0 }));
    expect(leases.take("a")?.generation).toBe(1);
  });

  it("that is not readable yet is not over", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "a.0"), "");
    const leases = new Leases(folder, seconds);
    expect(leases.take("a")).toBeNull();
    await sleep(1200 * seconds);
    expect(leases.take("a")?.generation).toBe(1);
  });

  it("is lost for who has been overtaken, and his renewing does not bring it back", async () => {
    const folder = temporaryFolder();
    const lease = new Leases(folder, seconds).take("a");
    writeFileSync(join(folder, "a.1"), strange(0));
    await sleep(1000 * seconds);
    expect(lease?.holds()).toBe(false);
    lease?.release();
    expect(existsSync(join(folder, "a.1"))).toBe(true);
  });
});

function readText(path: string): string {
  return readFileSync(path, "utf8");
}
