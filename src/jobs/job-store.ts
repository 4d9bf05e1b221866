/**
 * Results of jobs by key, in a folder that several processes share.
 *
 *   done/<key>/                what is there is finished, and stays
 *   attempt-<generation>/<key>/  what the holder of that lease works on
 *   failed/<key>.json          how the last attempt failed
 *   leases/                    which process works on what
 *   id.json                    which folder this is, for workers of a queue
 *
 * A job is finished by renaming its folder, which one process at most can do. A lease that is taken over takes the folder along, by renaming
 * too, so that a former holder that continues later finds no folder to write to.
 */
import { randomUUID } from "node:crypto";
import { existsSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { CoppiceError, messageOf, systemCode } from "../util/errors.ts";
import { createExclusively, makeFolder, readJson, writeError, writeFileAtomic, writeJson } from "../util/files.ts";
import { LOCK_NAME, removeTorn } from "../util/lock.ts";
import { type Lease, Leases } from "./leases.ts";

const DONE = "job.json";
const failureSchema = z.object({ code: z.string(), message: z.string() });
export type Failure = z.infer<typeof failureSchema>;

const idSchema = z.object({ id: z.uuid() });

const doneSchema = z.object({ title: z.string(), seconds: z.number().min(0) });
/** What a finished job's folder says of how it was done: wall seconds of its last attempt. */
export type Done = z.infer<typeof doneSchema>;

/** The right to do a job. */
export interface Attempt {
  /** New, or with what an earlier attempt has left. */
  readonly path: string;
  /** Keeps the result. @returns false when another process has been at it since, and this result is dropped */
  finish(done: Done): boolean;
  /** Keeps the folder for the next attempt. */
  giveUp(): void;
  fail(error: unknown): void;
  /** Whether the job is still this process's. */
  holds(): boolean;
}

export class JobStore {
  readonly path: string;
  readonly #leases: Leases;

  /** @param leaseSeconds how long a job is left to a process that gives no sign of life */
  constructor(path: string, leaseSeconds = 120) {
    this.path = resolve(path);
    this.#leases = new Leases(join(this.path, "leases"), leaseSeconds);
  }

  /** A name that the folder keeps, by which two processes know that they share it wherever it is mounted. */
  get id(): string {
    makeFolder(this.path);
    const file = join(this.path, "id.json");
    if (existsSync(file)) removeTorn(file);
    if (!existsSync(file)) createExclusively(file, JSON.stringify({ id: randomUUID() }));
    return readJson(file, idSchema).id;
  }

  folderOf(key: string): string {
    return join(this.path, "done", key);
  }

  isDone(key: string): boolean {
    return existsSync(this.folderOf(key));
  }

  /** How a finished job was done. @throws CoppiceError E_CHECKPOINT when that cannot be read */
  done(key: string): Done {
    return this.read(key, (folder) => readJson(join(folder, DONE), doneSchema));
  }

  /**
   * What `from` makes of a finished job's folder.
   * @throws CoppiceError what `from` throws, with what to do about a folder that was damaged
   */
  read<T>(key: string, from: (folder: string) => T): T {
    const folder = this.folderOf(key);
    try {
      return from(folder);
    } catch (error) {
      throw withHint(error, `remove ${folder}: its stage is then done again`);
    }
  }

  isTaken(key: string): boolean {
    return this.#leases.isTaken(key);
  }

  /** How the job failed, or null. @throws CoppiceError E_CHECKPOINT when that cannot be read */
  failure(key: string): Failure | null {
    const file = this.#failureFile(key);
    try {
      return readJson(file, failureSchema);
    } catch (error) {
      if (error instanceof CoppiceError && systemCode(error.cause) === "ENOENT") return null;
      throw withHint(error, `remove ${file}: its stage is then tried again`);
    }
  }

  /** When, by the clock of the machine that keeps the folder (milliseconds): to be compared with another failure only. Null without one. */
  failedAt(key: string): number | null {
    return statSync(this.#failureFile(key), { throwIfNoEntry: false })?.mtimeMs ?? null;
  }

  /** The right to do the job `key`, or null while another process has it or once it is done. */
  attempt(key: string): Attempt | null {
    if (this.isDone(key)) return null;
    // Not before there is something to do: a plan leaves no folders.
    for (const name of ["done", "failed"]) makeFolder(join(this.path, name));
    const lease = this.#leases.take(key);
    if (lease === null) return null;
    if (this.isDone(key)) {
      lease.release(); // done between the two looks
      return null;
    }
    return this.#attempt(key, lease, this.#takeFolder(key, lease.generation));
  }

  #attempt(key: string, lease: Lease, path: string): Attempt {
    const folder = this.folderOf(key);
    const failureFile = this.#failureFile(key);
    return {
      path,
      holds: lease.holds,
      finish(done): boolean {
        if (!lease.holds()) return false;
        try {
          writeFileAtomic(join(path, DONE), `${JSON.stringify(done)}\n`);
          renameSync(path, folder);
        } catch (error) {
          if (!existsSync(path) || existsSync(folder)) return false;
          throw writeError(folder, error);
        }
        removeIfEmpty(dirname(path));
        rmSync(failureFile, { force: true });
        lease.release();
        return true;
      },
      giveUp(): void {
        lease.release();
      },
      fail(error: unknown): void {
        if (!lease.holds()) return;
        const code = error instanceof CoppiceError ? error.code : "E_INTERNAL";
        writeJson(failureFile, { code, message: messageOf(error) });
        lease.release();
      },
    };
  }

  /** The folder of this generation, with what the last one that there was has left. */
  #takeFolder(key: string, generation: number): string {
    const of = (g: number): string => join(this.path, `attempt-${g}`, key);
    makeFolder(join(this.path, `attempt-${generation}`));
    for (let g = generation - 1; g >= 0 && !existsSync(of(generation)); g--) {
      try {
        renameSync(of(g), of(generation));
      } catch (error) {
        if (systemCode(error) !== "ENOENT") throw writeError(of(generation), error);
      }
    }
    // The lock in it names the former holder, which cannot reach it any more.
    rmSync(join(of(generation), LOCK_NAME), { force: true });
    return of(generation);
  }

  #failureFile(key: string): string {
    return join(this.path, "failed", `${key}.json`);
  }
}

function withHint(error: unknown, hint: string): unknown {
  return error instanceof CoppiceError ? new CoppiceError(error.code, error.message, { hint, cause: error }) : error;
}

function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(systemCode(error) ?? "")) throw error;
  }
}
