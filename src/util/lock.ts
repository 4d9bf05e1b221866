/**
 * One process at a time in a folder. The lock is a file made exclusively; it names its process, so that the lock of a process
 * that was killed is recognised and taken over, and a second process learns who is at work.
 */
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { CoppiceError, systemCode } from "./errors.ts";
import { createExclusively, removeLeftOvers, writeError } from "./files.ts";
import { sha256Hex } from "./hash.ts";

export interface FolderLock extends Disposable {
  /** Gives the folder free; calling it again does nothing. Also done when the process exits. */
  release(): void;
}

export const LOCK_NAME = "lock.json";
/** Of the files that are held while a dead process's lock is removed; earlier versions had one of that name alone. */
const CLAIM_PREFIX = "lock.takeover";
/** From which age on a lock that is no JSON counts as left by a process that died: on some file systems it takes a moment to be written. */
const TORN_MILLISECONDS = 5000;

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
  const me = JSON.stringify(thisProcess());
  if (!createExclusively(path, me)) {
    takeOver(path);
    if (!createExclusively(path, me)) throw inUse(folder, path);
  }
  const lock = heldLock(path);
  try {
    const names = readdirSync(folder);
    removeLeftOvers(folder, isAlive, names);
    // Whoever holds a claim has lost: it is on a lock that is gone.
    for (const name of names) if (isClaim(name)) rmSync(join(folder, name), { force: true });
    return lock;
  } catch (error) {
    lock.release();
    throw writeError(folder, error);
  }
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

/**
 * Removes the lock, or the claim, in the file `path` when its process is dead. Only the process with the claim on exactly that file may do so: a
 * claim is a file named by what it is on, made exclusively, so that of several processes one alone removes "the dead one's". A claim whose process
 * has died is taken over in the same way.
 */
function takeOver(path: string): void {
  const folder = dirname(path);
  const found = look(path);
  if (found === null) return;
  if (!isDead(found)) throw inUse(folder, path);
  const claim = join(folder, `${CLAIM_PREFIX}${sha256Hex(found.identity).slice(0, 12)}`);
  const me = JSON.stringify(thisProcess());
  if (!createExclusively(claim, me)) {
    takeOver(claim);
    if (!createExclusively(claim, me)) throw inUse(folder, claim);
  }
  try {
    if (look(path)?.identity === found.identity) rmSync(path);
  } finally {
    rmSync(claim, { force: true });
  }
}

/** Removes a file made by {@link createExclusively} that a full disk or a power failure has left without its content; any other stays. */
export function removeTorn(path: string): void {
  if (look(path)?.torn === true) takeOver(path);
}

function inUse(folder: string, path: string): CoppiceError {
  const holder = look(path)?.holder;
  const who = holder === undefined ? "another process" : `process ${holder.pid} on ${holder.host}`;
  return new CoppiceError("E_CHECKPOINT", `${folder}: expected a free folder, got one in use by ${who}`, {
    hint:
      holder?.host === hostname()
        ? `wait for process ${holder.pid} to end, stop it, or use another folder`
        : `use another folder; if no process works there any more, delete ${path}`,
  });
}

/** What a lock or a claim says, and what tells it from every other one; no holder where it cannot be read. */
interface Found {
  readonly holder?: Holder;
  readonly identity: string;
  /** Cut off by a full disk or a power failure: files of this version have all of their content or are not there. */
  readonly torn: boolean;
  readonly ageMilliseconds: number;
}

function look(path: string): Found | null {
  try {
    const text = readFileSync(path, "utf8");
    const { mtimeMs } = statSync(path);
    const content = jsonIn(text);
    const parsed = holderSchema.safeParse(content);
    return {
      ...(parsed.success ? { holder: parsed.data } : {}),
      identity: `${text} ${mtimeMs}`,
      torn: content === undefined,
      ageMilliseconds: Date.now() - mtimeMs,
    };
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw writeError(path, error);
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isDead({ holder, torn, ageMilliseconds }: Found): boolean {
  return holder === undefined ? torn && ageMilliseconds > TORN_MILLISECONDS : !mayLive(holder);
}

/** Whether a file of this name belongs to locking alone. */
export function isLockFile(name: string): boolean {
  return name === LOCK_NAME || isClaim(name);
}

function isClaim(name: string): boolean {
  return name.startsWith(CLAIM_PREFIX);
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
