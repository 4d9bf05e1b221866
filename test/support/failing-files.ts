/** `node:fs` whose n-th call that changes something fails: as on a full disk, or as where the process is killed and nothing follows. */
import type * as NodeFs from "node:fs";

export class Killed extends Error {}

interface Plan {
  /** Number of the call that fails, from 1. */
  readonly at: number;
  /** `kill`: neither it nor any later call is made; what it writes may be there by half. Else the code of the system's error. */
  readonly how: "kill" | "ENOSPC" | "EIO";
}

let plan: Plan | null = null;
let calls = 0;

/** @returns how many calls there were, and whether `work` ended as it would have */
export function withFailure(next: Plan | null, work: () => void): { readonly calls: number; readonly ended: boolean } {
  [plan, calls] = [next, 0];
  try {
    work();
    return { calls, ended: true };
  } catch (error) {
    if (next === null) throw error;
    return { calls, ended: false };
  } finally {
    plan = null;
  }
}

/** Whether this call may be made; where it may not, what is left of it is made by `half`. */
function step(half: () => void = () => undefined, frees = false): void {
  calls++;
  if (plan === null || calls < plan.at) return;
  if (frees && plan.how !== "kill") return; // what gives space back works on a full disk
  if (plan.how === "kill") {
    if (calls === plan.at) half();
    throw new Killed();
  }
  if (calls === plan.at) throw Object.assign(new Error(`${plan.how}: it failed`), { code: plan.how });
}

/** For `vi.mock("node:fs")`. */
export function failingFiles(real: typeof NodeFs): typeof NodeFs {
  const guarded = <A extends unknown[], R>(call: (...args: A) => R, half?: (...args: A) => void) => {
    return (...args: A): R => {
      step(half && (() => half(...args)));
      return call(...args);
    };
  };
  const freeing = <A extends unknown[], R>(call: (...args: A) => R) => {
    return (...args: A): R => {
      step(undefined, true);
      return call(...args);
    };
  };
  const halfOf = (text: string | Uint8Array): Buffer => {
    const bytes = Buffer.from(text as string);
    return bytes.subarray(0, bytes.length >> 1);
  };
  return {
    ...real,
    mkdirSync: guarded(real.mkdirSync as never),
    rmdirSync: freeing(real.rmdirSync),
    rmSync: freeing(real.rmSync),
    unlinkSync: freeing(real.unlinkSync),
    renameSync: guarded(real.renameSync),
    linkSync: guarded(real.linkSync),
    // Power does not fail in a test, and disks are slow.
    fsyncSync: () => step(),
    truncateSync: guarded(real.truncateSync),
    appendFileSync: guarded(real.appendFileSync, (path, data) => real.appendFileSync(path, halfOf(data as string))),
    writeSync: guarded(real.writeSync as (file: number, bytes: Uint8Array) => number, (file, bytes) => {
      real.writeSync(file, halfOf(bytes));
    }),
    openSync: (path: string, flags = "r", mode?: NodeFs.Mode) => {
      if (flags !== "r" && typeof flags === "string") step();
      return real.openSync(path, flags, mode);
    },
  } as unknown as typeof NodeFs;
}
