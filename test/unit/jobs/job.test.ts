import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inOrder, type Job } from "../../../src/jobs/job.ts";

const perform = (): Promise<never> => expect.fail("nothing is to be done");
const job = (key: string, after: readonly Job[] = []): Job => ({ key, title: key, after, perform });
const keysOf = (jobs: readonly Job[]): string[] => inOrder(jobs).map(({ key }) => key);

/** Jobs that come after some of those before them in the list. */
const graphs = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 }).map((edges) =>
  edges.reduce<Job[]>((jobs, before, i) => {
    const after = i === 0 ? [] : before.map((index) => jobs[index % i] ?? expect.fail("no such job"));
    return [...jobs, job(`job-${i}`, after)];
  }, []),
);

describe("jobs in order", () => {
  it("are none of none, and a chain from its first", () => {
    expect(keysOf([])).toEqual([]);
    const [a, b] = [job("a"), job("b", [job("a")])];
    expect(keysOf([job("c", [b])])).toEqual(["a", "b", "c"]);
    expect(keysOf([b, a])).toEqual(["a", "b"]);
  });

  it("are each there once, even where two experiments have made the same job", () => {
    const [mine, yours] = [job("train", []), job("train", [])];
    expect(inOrder([job("a", [mine]), job("b", [yours])]).filter(({ key }) => key === "train")).toEqual([mine]);
  });

  it("come after all that they need, whatever needs what", () => {
    fc.assert(
      fc.property(graphs, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), (jobs, picks) => {
        const wanted = picks.map((pick) => jobs[pick % jobs.length] as Job);
        const ordered = inOrder(wanted);
        const place = new Map(ordered.map(({ key }, i) => [key, i]));
        expect(place.size).toBe(ordered.length);
        for (const { key } of wanted) expect(place.has(key)).toBe(true);
        for (const [i, { after }] of ordered.entries())
          for (const { key } of after) expect(place.get(key) ?? Infinity).toBeLessThan(i);
        // Nothing that nobody needs.
        const needed = new Set(wanted.map(({ key }) => key));
        for (const { key, after } of ordered.toReversed())
          if (needed.has(key)) for (const before of after) needed.add(before.key);
        expect([...needed].toSorted()).toEqual([...place.keys()].toSorted());
      }),
    );
  });
});
