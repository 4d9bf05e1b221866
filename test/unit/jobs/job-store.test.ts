import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Attempt, JobStore } from "../../../src/jobs/job-store.ts";
import { CoppiceError } from "../../../src/util/errors.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const storeIn = (path: string = temporaryFolder()): JobStore => new JobStore(path, 60);
const done = { title: "a job", seconds: 2.5 };

/** An attempt with a result in its folder. */
function begin(store: JobStore, key = "a"): Attempt {
  const attempt = store.attempt(key) ?? expect.fail(`${key} is not free`);
  mkdirSync(attempt.path, { recursive: true });
  writeFileSync(join(attempt.path, "result"), key);
  return attempt;
}

/** As if the process at the job `a` had been killed. */
function abandon(store: JobStore): void {
  const holder = { pid: 2 ** 22 + 1, host: hostname(), started: null };
  writeFileSync(join(store.path, "leases", "a.0"), JSON.stringify({ holder, beat: 0 }));
}

describe("a folder of jobs", () => {
  it("is not made by looking", () => {
    const path = join(temporaryFolder(), "jobs");
    const store = storeIn(path);
    expect([store.isDone("a"), store.isTaken("a"), store.failure("a"), store.failedAt("a")]).toEqual([
      false,
      false,
      null,
      null,
    ]);
    expect(existsSync(path)).toBe(false);
  });

  it("keeps a name by which processes know that they share it, and no other has", () => {
    const path = temporaryFolder();
    const { id } = storeIn(path);
    expect([storeIn(path).id, storeIn(join(path, "..", path.split("/").at(-1) ?? "")).id]).toEqual([id, id]);
    expect(storeIn().id).not.toBe(id);
    writeFileSync(join(path, "id.json"), "{}");
    expect(thrownBy(() => storeIn(path).id)).toMatchObject({
      code: "E_CHECKPOINT",
      message: expect.stringContaining(join(path, "id.json")),
    });
  });
});

describe("a job that is done", () => {
  it("lies in its folder with how long it took, and nothing of the attempt stays", () => {
    const store = storeIn();
    const attempt = begin(store);
    expect([store.isDone("a"), store.isTaken("a"), attempt.holds()]).toEqual([false, true, true]);
    expect(attempt.finish(done)).toBe(true);
    expect([store.isDone("a"), store.isTaken("a"), store.done("a")]).toEqual([true, false, done]);
    expect(readdirSync(store.path).toSorted()).toEqual(["done", "failed", "leases"]);
    expect(readdirSync(join(store.path, "leases"))).toEqual([]);
    expect(readFileSync(join(store.folderOf("a"), "result"), "utf8")).toBe("a");
  });

  it("is not done again, by any process", () => {
    const store = storeIn();
    begin(store).finish(done);
    expect([store.attempt("a"), storeIn(store.path).attempt("a")]).toEqual([null, null]);
    expect(store.attempt("b")).not.toBeNull();
  });

  it("is done again once its folder is removed, which is what a damaged one says", () => {
    const store = storeIn();
    begin(store).finish(done);
    const folder = store.folderOf("a");
    writeFileSync(join(folder, "job.json"), '{"title": "a job"');
    const error = thrownBy(() => store.done("a"));
    expect([error.code, error.hint]).toEqual(["E_CHECKPOINT", `remove ${folder}: its stage is then done again`]);
    rmSync(folder, { recursive: true });
    expect(begin(store).finish(done)).toBe(true);
  });

  it("is read by whoever knows what is in it, whose errors get the same advice", () => {
    const store = storeIn();
    begin(store).finish(done);
    expect(store.read("a", (folder) => readFileSync(join(folder, "result"), "utf8"))).toBe("a");
    const refuse = (): never => {
      throw new CoppiceError("E_DATA", "no such split", { hint: "look elsewhere" });
    };
    expect(thrownBy(() => store.read("a", refuse))).toMatchObject({
      code: "E_DATA",
      message: "no such split",
      hint: `remove ${store.folderOf("a")}: its stage is then done again`,
    });
    const defect = new TypeError("x is undefined");
    expect(() =>
      store.read("a", () => {
        throw defect;
      }),
    ).toThrow(defect);
  });
});

describe("a job that another process is at", () => {
  it("is not given a second time", () => {
    const [first, second] = [storeIn(), storeIn()];
    const other = storeIn(first.path);
    begin(first);
    expect([other.attempt("a"), other.isTaken("a"), first.attempt("a")]).toEqual([null, true, null]);
    expect(second.attempt("a")).not.toBeNull();
  });

  it("may be on a machine that cannot be asked: then it is left to it", () => {
    const store = storeIn();
    mkdirSync(join(store.path, "leases"));
    const holder = { pid: 1, host: "elsewhere", started: null };
    writeFileSync(join(store.path, "leases", "a.0"), JSON.stringify({ holder, beat: 3 }));
    expect([store.attempt("a"), store.isTaken("a")]).toEqual([null, true]);
  });

  it("is free at once when it was given back, with what was done of it", () => {
    const store = storeIn();
    const attempt = begin(store);
    attempt.giveUp();
    expect([attempt.holds(), store.isTaken("a")]).toEqual([false, false]);
    const next = storeIn(store.path).attempt("a");
    expect(readFileSync(join(next?.path ?? "", "result"), "utf8")).toBe("a");
  });
});

describe("a job whose process was killed", () => {
  it("is taken over with its folder, but not with the lock in it", () => {
    const store = storeIn();
    const { path } = begin(store);
    writeFileSync(join(path, "lock.json"), JSON.stringify({ pid: 1, host: "elsewhere", started: null }));
    abandon(store);
    const next = storeIn(store.path).attempt("a");
    expect(next?.path).not.toBe(path);
    expect([existsSync(path), readdirSync(next?.path ?? "")]).toEqual([false, ["result"]]);
  });

  it("cannot be finished, failed or given back by that process, should it live", () => {
    const store = storeIn();
    const late = begin(store);
    abandon(store);
    const next = storeIn(store.path).attempt("a");
    expect([late.holds(), late.finish(done)]).toEqual([false, false]);
    late.fail(new Error("late"));
    late.giveUp();
    expect([store.failure("a"), store.isDone("a"), next?.holds()]).toEqual([null, false, true]);
    expect(next?.finish(done)).toBe(true);
    expect(late.finish(done)).toBe(false);
    expect(store.done("a")).toEqual(done);
  });
});

describe("a job that is just being taken over", () => {
  it("is not finished under the new holder's hands, though its folder is still there", () => {
    const store = storeIn();
    const late = begin(store);
    const holder = { pid: 1, host: "elsewhere", started: null };
    writeFileSync(join(store.path, "leases", "a.1"), JSON.stringify({ holder, beat: 0 }));
    expect([late.finish(done), store.isDone("a"), existsSync(join(late.path, "result"))]).toEqual([false, false, true]);
  });
});

describe("a job that failed", () => {
  it("says how, and is tried again with what was done of it", () => {
    const store = storeIn();
    begin(store).fail(new CoppiceError("E_DATA", "no images"));
    expect(store.failure("a")).toEqual({ code: "E_DATA", message: "no images" });
    expect([typeof store.failedAt("a"), store.isTaken("a"), store.isDone("a")]).toEqual(["number", false, false]);
    const again = store.attempt("a");
    expect(readdirSync(again?.path ?? "")).toEqual(["result"]);
    again?.fail(new TypeError("x is undefined"));
    expect(store.failure("a")).toEqual({ code: "E_INTERNAL", message: "x is undefined" });
    begin(store).finish(done);
    expect([store.failure("a"), store.failedAt("a"), store.isDone("a")]).toEqual([null, null, true]);
  });

  it("is not done where its folder was taken away", () => {
    const store = storeIn();
    const attempt = begin(store);
    rmSync(attempt.path, { recursive: true });
    expect([attempt.finish(done), store.isDone("a")]).toEqual([false, false]);
  });
});

it("never has two processes at one job, and keeps what was finished, whatever they do", () => {
  const actions = fc.array(
    fc.record({ process: fc.nat(2), what: fc.constantFrom("attempt", "giveUp", "fail", "finish") }),
    { maxLength: 16 },
  );
  fc.assert(
    fc.property(actions, (steps) => {
      const path = temporaryFolder();
      const stores = [0, 1, 2].map(() => storeIn(path));
      const held: (Attempt | null)[] = [null, null, null];
      let isDone = false;
      for (const { process: p, what } of steps) {
        const attempt = held[p] ?? null;
        if (what === "attempt" && attempt === null) {
          const taken = stores[p]?.attempt("a") ?? null;
          const isFree = !isDone && held.every((other) => other === null);
          expect(taken !== null).toBe(isFree);
          if (taken !== null) mkdirSync(taken.path, { recursive: true });
          held[p] = taken;
        } else if (attempt !== null && what !== "attempt") {
          if (what === "giveUp") attempt.giveUp();
          if (what === "fail") attempt.fail(new Error("no"));
          if (what === "finish") isDone = attempt.finish(done);
          held[p] = null;
        }
        for (const store of stores) expect(store.isDone("a")).toBe(isDone);
      }
      for (const attempt of held) attempt?.giveUp();
    }),
    { numRuns: 40 },
  );
});
