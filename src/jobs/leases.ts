/**
 * Which process works on what, in a folder that several processes share, on one machine or several.
 *
 * The lease of a job is its file of the highest generation, `<key>.<generation>`, made exclusively by the process that takes it. While it works,
 * that holder rewrites the file again and again. One that has not changed for some time, or whose process is known to have ended, has expired: the process that
 * makes the file of the next generation has the job, and of several only one can. A former holder that continues later finds that file.
 * Time is measured by the observer's own clock between two looks, so that clocks need not agree.
 */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { systemCode } from "../util/errors.ts";
import { createExclusively, makeFolder, readJson, writeFileAtomic } from "../util/files.ts";
import { type Holder, holderSchema, mayLive, thisProcess } from "../util/lock.ts";

const leaseSchema = z.object({ holder: holderSchema, beat: z.int() });

export interface Lease {
  readonly generation: number;
  /** Whether the lease is still valid: it was not released, and no other process has taken over. */
  readonly holds: () => boolean;
  /** Ends it; calling it again does nothing. */
  readonly release: () => void;
}

export class Leases {
  readonly #folder: string;
  readonly #seconds: number;
  readonly #me: Holder = thisProcess();
  /** What the lease of a key looked like, and since when, by this process's clock. */
  readonly #seen = new Map<string, { readonly text: string; readonly since: number }>();

  /** @param seconds after which a lease that is not renewed has expired; it is renewed four times as often */
  constructor(folder: string, seconds: number) {
    this.#folder = folder;
    this.#seconds = seconds;
  }

  /** The lease of `key`, or null while another process has it. */
  take(key: string): Lease | null {
    makeFolder(this.#folder);
    const last = this.#lastGeneration(key);
    if (last !== null && !this.#hasExpired(key, last)) return null;
    const generation = (last ?? -1) + 1;
    if (!createExclusively(this.#file(key, generation), this.#text(0))) return null;
    return this.#held(key, generation);
  }

  /** Whether a process works on `key`, as far as can be told. */
  isTaken(key: string): boolean {
    const last = this.#lastGeneration(key);
    return last !== null && !this.#hasExpired(key, last);
  }

  #held(key: string, generation: number): Lease {
    let beat = 0;
    let released = false;
    const holds = (): boolean => !released && this.#lastGeneration(key) === generation;
    const renew = (): void => {
      try {
        // A holder that was overtaken must not bring its file back.
        if (holds()) writeFileAtomic(this.#file(key, generation), this.#text(++beat));
      } catch {
        // A folder that cannot be written for a moment: the lease runs out unless the next time goes better.
      }
    };
    const timer = setInterval(renew, (1000 * this.#seconds) / 4);
    timer.unref();
    const release = (): void => {
      clearInterval(timer);
      if (holds()) for (let g = 0; g <= generation; g++) rmSync(this.#file(key, g), { force: true });
      released = true;
    };
    return { generation, holds, release };
  }

  #hasExpired(key: string, generation: number): boolean {
    const file = this.#file(key, generation);
    let text: string;
    try {
      const lease = readJson(file, leaseSchema);
      if (!mayLive(lease.holder)) return true;
      text = JSON.stringify(lease);
    } catch {
      text = "unreadable"; // just being made, or left by a process that was killed meanwhile: decided by the timeout below
    }
    const id = `${key}.${generation}`;
    const seen = this.#seen.get(id);
    if (seen?.text !== text) {
      this.#seen.set(id, { text, since: performance.now() });
      return false;
    }
    return performance.now() - seen.since > 1000 * this.#seconds;
  }

  #lastGeneration(key: string): number | null {
    const generations = this.#names()
      .filter((name) => name.startsWith(`${key}.`))
      .map((name) => Number(name.slice(key.length + 1)))
      .filter(Number.isInteger);
    return generations.length === 0 ? null : Math.max(...generations);
  }

  #names(): string[] {
    try {
      return readdirSync(this.#folder);
    } catch (error) {
      if (systemCode(error) === "ENOENT") return [];
      throw error;
    }
  }

  #file(key: string, generation: number): string {
    return join(this.#folder, `${key}.${generation}`);
  }

  #text(beat: number): string {
    return JSON.stringify({ holder: this.#me, beat });
  }
}
