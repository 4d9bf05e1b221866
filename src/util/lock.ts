/**
 * One process at a time in a folder. The lock is a file made exclusively; it names its process, so that the lock of a process
 * that was killed is recognised and taken over, and a second process learns who is at work.
 */
import { closeSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { CoppiceError, systemCode } from "./errors.ts";
import { temporaryFileOwner, writeError } from "./files.ts";

export interface FolderLock extends Disposable {
  /** Gives the folder free; calling it again does nothing. Also done when the process exits. */
  release(): void;
}

export const LOCK_NAME = "lock.json";
/** Held while a dead process's lock is removed, so that two processes cannot both remove "the dead one's". */
const TAKEOVER_NAME = "lock.takeover";
const SETTLE_MILLISECONDS = 50;

/** How a process is told from every other one, on this host and on others. */
export const holderSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** Boot and start time of the process where the system tells (Linux), so that a reused pid is not mistaken for it. */
  started: z.string().nullable(),
});
export type Holder = z.infer<typeof holderSchema>;

export function thisProcess(): Holder {
  return { pid: process.pid, host: hostname(), started: startOf(process.pid) };
}

/**
 * Locks an existing folder for this process. A lock left by a dead process of this host is taken over, with its left-over
 * temporary files removed. Throws E_CHECKPOINT when another process is at work, or may be (another host, unreadable lock), and
 * E_CONFIG when the folder cannot be written.
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, LOCK_NAME);
  const me = thisProcess();
  if (!createExclusively(path, JSON.stringify(me))) {
    removeDeadLock(folder);
    if (!createExclusively(path, JSON.stringify(me))) throw inUse(folder, readHolder(path));
  }
  removeLeftOvers(folder);
  return heldLock(path);
}

function heldLock(path: string): FolderLock {
  let held = true;
  const release = (): void => {
    if (held) rmSync(path, { force: true });
    held = false;
    process.off("exit", release);
  };
  process.on("exit", release);
  return { release, [Symbol.dispose]: release };
}

function removeDeadLock(folder: string): void {
  const path = join(folder, LOCK_NAME);
  const holder = readHolder(path);
  if (holder === "none") return;
  if (holder === "unreadable" || mayLive(holder)) throw inUse(folder, holder);
  const takeover = join(folder, TAKEOVER_NAME);
  if (!createExclusively(takeover, "")) {
    throw new CoppiceError(
      "E_CHECKPOINT",
      `${folder}: expected a free folder, got one that another process takes over`,
      {
        hint: `try again; if it stays so and no process works there, delete ${takeover}`,
      },
    );
  }
  try {
    // read again: another process may have taken the folder over since
    const now = readHolder(path);
    if (typeof now === "object" && now.pid === holder.pid && now.started === holder.started) rmSync(path);
  } finally {
    rmSync(takeover);
  }
}

function inUse(folder: string, holder: Holder | "unreadable" | "none"): CoppiceError {
  const path = join(folder, LOCK_NAME);
  const who = typeof holder === "object" ? `process ${holder.pid} on ${holder.host}` : "another process";
  const local = typeof holder === "object" && holder.host === hostname();
  return new CoppiceError("E_CHECKPOINT", `${folder}: expected a free folder, got one in use by ${who}`, {
    hint: local
      ? `wait for process ${holder.pid} to end, stop it, or use another folder`
      : `use another folder; if no process works there any more, delete ${path}`,
  });
}

/** The process a lock names. A lock just made may be empty for a moment: it is read twice before it counts as unreadable. */
function readHolder(path: string): Holder | "unreadable" | "none" {
  for (const attempt of ["first", "second"]) {
    try {
      return holderSchema.parse(JSON.parse(readFileSync(path, "utf8")));
    } catch (error) {
      if (systemCode(error) === "ENOENT") return "none";
      if (attempt === "first") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SETTLE_MILLISECONDS);
    }
  }
  return "unreadable";
}

/** False only for a process of this host that is certainly gone. */
export function mayLive({ pid, host, started }: Holder): boolean {
  if (host !== hostname()) return true;
  const startedNow = startOf(pid);
  return isAlive(pid) && (started === null || startedNow === null || started === startedNow);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== "ESRCH";
  }
}

/** Boot id and start tick of a process, "ended" for a killed one its parent has not noticed yet; null where /proc does not tell. */
function startOf(pid: number): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    // fields 3 (state) and 22 (start) of proc(5); the command name in field 2 may hold spaces and parentheses
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return fields[0] === "Z" ? "ended" : `${boot}/${fields[19]}`;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return null;
  }
}

/** True when this call made the file, false when it was there. @throws CoppiceError E_CONFIG when it cannot be written */
export function createExclusively(path: string, content: string): boolean {
  try {
    const file = openSync(path, "wx");
    try {
      writeSync(file, content);
    } finally {
      closeSync(file);
    }
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw writeError(path, error);
  }
}

/** Removes temporary files of killed processes; those of a living one (a report being written, say) stay. */
function removeLeftOvers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const owner = temporaryFileOwner(name);
    if (owner !== undefined && !isAlive(owner)) rmSync(join(folder, name), { force: true });
  }
}
