import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inOrder, type Job } from "../../../src/jobs/job.ts";
import { JobStore } from "../../../src/jobs/job-store.ts";
import { completeJobs, runJobs } from "../../../src/jobs/run-jobs.ts";
import { quietContext } from "../../../src/stages/index.ts";
import { Interrupted } from "../../../src/train/index.ts";
import { CoppiceError } from "../../../src/util/errors.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { thrownBy } from "../../support/thrown-by.ts";

/** Writes its key and what the jobs before it have written. */
function job(key: string, after: readonly Job[], act: (path: string) => void = () => undefined): Job {
  return {
    key,
    title: `job ${key}`,
    after,
    perform: async (path, folderOf) => {
      mkdirSync(path, { recursive: true });
      act(path);
      const before = after.map((other) => readFileSync(join(folderOf(other), "result"), "utf8"));
      writeFileSync(join(path, "result"), `${key}(${before.join(",")})`);
    },
  };
}

function store(path = temporaryFolder()): JobStore {
  return new JobStore(path, 60);
}

const resultOf = (of: JobStore, key: string): string => readFileSync(join(of.folderOf(key), "result"), "utf8");

describe("jobs", () => {
  it("are done in order, each once, and not again", async () => {
    const done: string[] = [];
    const made = (key: string, after: readonly Job[]): Job => job(key, after, () => void done.push(key));
    const a = made("a", []);
    const [b, c] = [made("b", [a]), made("c", [a])];
    const d = made("d", [b, c]);
    expect(inOrder([d, c]).map(({ key }) => key)).toEqual(["a", "b", "c", "d"]);
    const results = store();
    expect(await runJobs([d], results, quietContext())).toEqual({ failed: [], blocked: [] });
    expect(resultOf(results, "d")).toBe("d(b(a()),c(a()))");
    await runJobs([d, made("e", [d])], store(results.path), quietContext());
    expect(done).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("that fail are recorded, and the rest goes on; next time they are tried again", async () => {
    let broken = true;
    const bad = job("bad", [], () => {
      if (broken) throw new CoppiceError("E_DATA", "the disk is made of cheese");
    });
    const wanted = [job("behind", [bad]), job("good", [])];
    const results = store();
    const { failed, blocked } = await runJobs(wanted, results, quietContext());
    expect(failed.map(({ job: { key } }) => key)).toEqual(["bad"]);
    expect(failed[0]?.failure).toEqual({ code: "E_DATA", message: "the disk is made of cheese" });
    expect(blocked.map(({ key }) => key)).toEqual(["behind"]);
    expect(results.isDone("good")).toBe(true);
    broken = false;
    expect(await runJobs(wanted, results, quietContext())).toEqual({ failed: [], blocked: [] });
    expect(resultOf(results, "behind")).toBe("behind(bad())");
    expect(results.failure("bad")).toBeNull();
  });

  it("whose failure cannot be read say which file to remove", async () => {
    const results = store();
    mkdirSync(join(results.path, "failed"));
    const file = join(results.path, "failed", "bad.json");
    writeFileSync(file, '{ "code": "E_');
    expect(thrownBy(() => results.failure("bad"))).toMatchObject({
      code: "E_CHECKPOINT",
      message: expect.stringContaining(file),
      hint: `remove ${file}: its stage is then tried again`,
    });
    expect(results.failure("good")).toBeNull();
    // Doing the job does so too.
    expect(await runJobs([job("bad", [])], results, quietContext())).toEqual({ failed: [], blocked: [] });
    expect(results.failure("bad")).toBeNull();
  });

  it("that are all needed end in an error that names the first failure", async () => {
    let broken = true;
    const bad = job("bad", [], () => {
      if (broken) throw new CoppiceError("E_DATA", "the disk is made of cheese");
    });
    const results = store();
    const wanted = [job("behind", [bad]), job("good", [])];
    await expect(completeJobs(wanted, results, quietContext())).rejects.toThrow(
      `${results.path}: expected all of 2 jobs, got 1 failures and 1 that wait for them: job bad: the disk is made of cheese`,
    );
    expect(results.isDone("good")).toBe(true);
    broken = false;
    const totals: number[] = [];
    await completeJobs(wanted, results, { ...quietContext(), onStatus: ({ total }) => void totals.push(total) });
    expect(new Set(totals)).toEqual(new Set([3]));
    expect(resultOf(results, "behind")).toBe("behind(bad())");
  });

  it("that were interrupted go on with what they left", async () => {
    const results = store();
    const seen: boolean[] = [];
    const long = job("long", [], (path) => {
      seen.push(existsSync(join(path, "half")));
      if (seen.length === 1) {
        writeFileSync(join(path, "half"), "");
        throw new Interrupted();
      }
    });
    await expect(runJobs([long], results, quietContext())).rejects.toBeInstanceOf(Interrupted);
    expect(results.isDone("long")).toBe(false);
    await runJobs([long], results, quietContext());
    expect(seen).toEqual([false, true]);
  });

  it("are left to the process that does them, and what it leaves is taken over when it is gone", async () => {
    const path = temporaryFolder();
    const [first, second] = [new JobStore(path, 0.2), new JobStore(path, 0.2)];
    const attempt = first.attempt("a");
    expect(second.attempt("a")).toBeNull();
    mkdirSync(attempt?.path ?? "");
    writeFileSync(join(attempt?.path ?? "", "half"), "");
    // As if its process had been killed: nobody renews the lease.
    writeFileSync(
      join(path, "leases", "a.1"),
      JSON.stringify({ holder: { pid: 1, host: "gone", started: null }, beat: 0 }),
    );
    const found: boolean[] = [];
    const made = job("a", [], (folder) => void found.push(existsSync(join(folder, "half"))));
    await runJobs([made], second, quietContext(), { pollSeconds: 0.05 });
    expect(found).toEqual([true]);
    // Who wakes up has nothing to finish.
    expect([attempt?.holds(), attempt?.finish({ title: "a", seconds: 1 })]).toEqual([false, false]);
    expect(resultOf(second, "a")).toBe("a()");
  });

  it("tell how far they are", async () => {
    const said: string[] = [];
    const a = job("a", []);
    await runJobs([job("b", [a])], store(), quietContext(), {
      onStatus: ({ total, done, job: current }) =>
        void said.push(`${done} of ${total}, ${current?.title ?? "nothing"}`),
    });
    expect(said).toEqual(["0 of 2, job a", "1 of 2, job b", "2 of 2, nothing"]);
  });
});
