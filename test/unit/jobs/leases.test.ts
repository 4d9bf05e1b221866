import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Leases } from "../../../src/jobs/leases.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const seconds = 60;
const strange = (beat: number): string =>
  JSON.stringify({ holder: { pid: 1, host: "elsewhere", started: null }, beat });

/** Lets a share of a lease's time go by. */
const pass = (share: number): unknown => vi.advanceTimersByTime(1000 * seconds * share);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a lease", () => {
  it("is one process's at a time, and free again once released", () => {
    const leases = new Leases(temporaryFolder(), seconds);
    const lease = leases.take("a");
    expect(lease?.holds()).toBe(true);
    expect([leases.take("a"), leases.isTaken("a"), leases.isTaken("b")]).toEqual([null, true, false]);
    expect(leases.take("b")).not.toBeNull();
    lease?.release();
    lease?.release();
    expect(lease?.holds()).toBe(false);
    expect(leases.take("a")?.generation).toBe(0);
  });

  it("is kept as long as its holder gives signs of life", () => {
    const folder = temporaryFolder();
    const lease = new Leases(folder, seconds).take("a");
    const other = new Leases(folder, seconds);
    for (let i = 0; i < 8; i++) {
      expect(other.take("a")).toBeNull();
      pass(0.5);
    }
    expect(lease?.holds()).toBe(true);
    lease?.release();
  });

  it("is over when it has not changed for long enough, by the observer's clock, whatever the holder's", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "a.0"), strange(7));
    const leases = new Leases(folder, seconds);
    expect(leases.take("a")).toBeNull();
    pass(0.6);
    writeFileSync(join(folder, "a.0"), strange(8));
    expect(leases.take("a")).toBeNull();
    pass(0.6);
    expect(leases.take("a")).toBeNull();
    pass(0.6);
    const lease = leases.take("a");
    expect(lease?.generation).toBe(1);
    lease?.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is over at once when its process is known to be gone", () => {
    const folder = temporaryFolder();
    const leases = new Leases(folder, seconds);
    leases.take("b");
    const { holder } = JSON.parse(JSON.stringify({ holder: { pid: 2 ** 22 + 1, host: "", started: null } }));
    holder.host = JSON.parse(readText(join(folder, "b.0"))).holder.host;
    writeFileSync(join(folder, "a.0"), JSON.stringify({ holder, beat: 0 }));
    expect(leases.take("a")?.generation).toBe(1);
  });

  it("that is not readable yet is not over", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "a.0"), "");
    const leases = new Leases(folder, seconds);
    expect(leases.take("a")).toBeNull();
    pass(1.2);
    expect(leases.take("a")?.generation).toBe(1);
  });

  it("is lost once another process has taken it over, and is not brought back by being renewed", () => {
    const folder = temporaryFolder();
    const lease = new Leases(folder, seconds).take("a");
    writeFileSync(join(folder, "a.1"), strange(0));
    pass(1);
    expect(lease?.holds()).toBe(false);
    lease?.release();
    expect(existsSync(join(folder, "a.1"))).toBe(true);
  });
});

function readText(path: string): string {
  return readFileSync(path, "utf8");
}
