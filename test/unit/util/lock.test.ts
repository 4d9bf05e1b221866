import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CoppiceError } from "../../../src/util/errors.ts";
import { lockFolder } from "../../../src/util/lock.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const module = fileURLToPath(new URL("../../../src/util/lock.ts", import.meta.url));

/** Runs `script` in a process of its own, with `lockFolder` and `folder` at hand; its exit signal and output. */
function inProcess(
  script: string,
  preload = "data:text/javascript,",
): { stdout: string; status: number | null; signal: string | null; pid: number } {
  const source = `const { lockFolder } = await import(${JSON.stringify(module)}); const folder = ${JSON.stringify(folder)}; ${script}`;
  return spawnSync(process.execPath, ["--import", "tsx", "--import", preload, "--input-type=module", "-e", source], {
    encoding: "utf8",
  });
}

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "coppice-lock-"));
  path = join(folder, "lock.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const refusal = (): CoppiceError => thrownBy(() => lockFolder(folder).release());

describe("lockFolder", () => {
  it("names this process until it is released", () => {
    const lock = lockFolder(folder);
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ pid: process.pid, host: hostname() });
    lock.release();
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
    const before = process.listenerCount("exit");
    {
      using again = lockFolder(folder);
      expect(again).toBeDefined();
    }
    expect(process.listenerCount("exit")).toBe(before);
    expect(existsSync(path)).toBe(false);
  });

  it("refuses a second holder by pid and folder, and leaves the first one's lock", () => {
    using lock = lockFolder(folder);
    expect(lock).toBeDefined();
    const error = refusal();
    expect(error.code).toBe("E_CHECKPOINT");
    expect(error.message).toBe(
      `${folder}: expected a free folder, got one in use by process ${process.pid} on ${hostname()}`,
    );
    expect(error.hint).toContain(`wait for process ${process.pid}`);
    const other = inProcess("try { lockFolder(folder) } catch (error) { process.stdout.write(error.message) }");
    expect(other.stdout).toBe(error.message);
    expect(existsSync(path)).toBe(true);
  });

  it("is released when the process ends, also by an error", () => {
    expect(inProcess("lockFolder(folder); process.exit(0)").status).toBe(0);
    expect(existsSync(path)).toBe(false);
    expect(inProcess("lockFolder(folder); null.x").status).toBe(1);
    expect(existsSync(path)).toBe(false);
  });

  it("is taken over from a killed process, with its temporary files removed", () => {
    const killed = inProcess("lockFolder(folder); process.kill(process.pid, 'SIGKILL')");
    expect(killed.signal).toBe("SIGKILL");
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ pid: killed.pid });
    writeFileSync(join(folder, `.model.safetensors.${killed.pid}.tmp`), "half");
    writeFileSync(join(folder, `.report.html.${process.pid}.tmp`), "being written");
    using lock = lockFolder(folder);
    expect(lock).toBeDefined();
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ pid: process.pid });
    expect(readdirSync(folder).toSorted()).toEqual([`.report.html.${process.pid}.tmp`, "lock.json"]);
  });

  it.runIf(existsSync("/proc/self/stat"))("is taken over when the pid belongs to another process by now", () => {
    lockFolder(folder);
    const holder = JSON.parse(readFileSync(path, "utf8")) as { started: string };
    writeFileSync(path, JSON.stringify({ ...holder, started: `${holder.started}0` }));
    expect(() => lockFolder(folder).release()).not.toThrow();
  });

  it.runIf(existsSync("/proc/self/stat"))(
    "is taken over from a killed process that its parent does not collect",
    async () => {
      const parent = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "inherit"] });
      try {
        const [output] = (await once(parent.stdout, "data")) as [Buffer];
        const pid = Number(output.toString());
        // As long as the parent is a shell it may collect what has ended.
        await vi.waitFor(() => expect(readFileSync(`/proc/${parent.pid}/comm`, "utf8").trim()).toBe("sleep"));
        process.kill(pid, "SIGKILL");
        const fields = await vi.waitFor(() => {
          const stat = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
          expect(stat[2]).toBe("Z");
          return stat;
        });
        const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
        writeFileSync(path, JSON.stringify({ pid, host: hostname(), started: `${boot}/${fields[21]}` }));
        expect(() => lockFolder(folder).release()).not.toThrow();
      } finally {
        parent.kill();
      }
    },
  );

  it("is not taken over from another host", () => {
    writeFileSync(path, JSON.stringify({ pid: 1, host: "elsewhere.example", started: null }));
    const { message, hint } = refusal();
    expect(message).toContain("in use by process 1 on elsewhere.example");
    expect(hint).toContain(`delete ${path}`);
  });

  it("is not taken over when it names no process, but something else", () => {
    writeFileSync(path, '{"pid": -1}');
    const { message, hint } = refusal();
    expect(message).toContain("in use by another process");
    expect(hint).toContain(`delete ${path}`);
    expect(readFileSync(path, "utf8")).toBe('{"pid": -1}');
  });

  it.each(["", "{", "\0\0\0"])(
    "is taken over when it was cut off by a full disk or a power failure, but not at once: %j",
    (content) => {
      writeFileSync(path, content);
      expect(refusal().message).toContain("in use by another process");
      expect(readFileSync(path, "utf8")).toBe(content);
      const longAgo = Date.now() / 1000 - 60;
      utimesSync(path, longAgo, longAgo);
      lockFolder(folder).release();
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  const deadHolder = (): string =>
    JSON.stringify({ pid: spawnSync(process.execPath, ["-e", ""]).pid, host: hostname(), started: null });

  /** The file that a process makes to take over the lock there is: what killing it right afterwards leaves. */
  function claimOf(content: string): string {
    writeFileSync(path, deadHolder());
    const stop = `fs.rmSync = () => process.kill(process.pid, "SIGKILL"); syncBuiltinESMExports();`;
    const patch = `import fs from "node:fs"; import { syncBuiltinESMExports } from "node:module"; ${stop}`;
    const { signal } = inProcess(`lockFolder(folder)`, `data:text/javascript,${encodeURIComponent(patch)}`);
    expect(signal).toBe("SIGKILL");
    const claim = readdirSync(folder).find((name) => name.startsWith("lock.takeover")) ?? "";
    writeFileSync(join(folder, claim), content);
    return claim;
  }

  it("is taken over by one process only", () => {
    claimOf(JSON.stringify({ pid: process.pid, host: hostname(), started: null }));
    expect(refusal().message).toContain(`in use by process ${process.pid}`);
    expect(existsSync(path)).toBe(true);
  });

  it("is taken over from a process that was killed while it took it over, and nothing is left behind", () => {
    claimOf(deadHolder());
    lockFolder(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("has no need of what an earlier version left when it was killed so", () => {
    writeFileSync(join(folder, "lock.takeover"), "");
    lockFolder(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("says when the folder does not exist", () => {
    expect(() => lockFolder(join(folder, "no"))).toThrow(
      /expected a place to write to, got a folder that does not exist/,
    );
  });
});
