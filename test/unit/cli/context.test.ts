import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { sameCommand, threadsNote, withContext } from "../../../src/cli/context.ts";
import { printedBy } from "../../support/command-line.ts";

describe("the context of a command", () => {
  it("gives what its work gives, and leaves no listener behind", async () => {
    const before = process.listenerCount("SIGINT");
    const given = await withContext({ force: true }, async ({ force, signal }) => {
      expect(process.listenerCount("SIGINT")).toBe(before + 1);
      return [force, signal?.aborted];
    });
    expect(given).toEqual([true, false]);
    await expect(withContext({}, () => Promise.reject(new RangeError("no")))).rejects.toThrow("no");
    expect(process.listenerCount("SIGINT")).toBe(before);
    expect(process.listenerCount("SIGTERM")).toBe(before);
  });

  it("asks to stop at the first signal, and ends the process at the second", async () => {
    const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
    const { errors } = await printedBy(() =>
      withContext({ how: "coppice resume x" }, async ({ signal }) => {
        const aborted = once(signal as AbortSignal, "abort");
        process.emit("SIGTERM");
        await aborted;
        expect(exit).not.toHaveBeenCalled();
        process.emit("SIGINT");
        expect(exit).toHaveBeenCalledWith(130);
      }),
    );
    exit.mockRestore();
    expect(errors).toContain("stopping after this step; to continue: coppice resume x\n");
  });

  it("says once where more threads are asked for than there are cores", () => {
    expect(threadsNote(2, 2)).toBeUndefined();
    expect(threadsNote(128, 2)).toMatch(/^note: 128 threads on 2 cores .* set COPPICE_THREADS to 2 or fewer$/);
  });

  it("names the command without passwords, for a shell", async () => {
    const argv = process.argv;
    process.argv = ["node", "coppice", "worker", "--queue", "redis://me:secret@host:6379", "--jobs", "my jobs"];
    try {
      expect(sameCommand()).toMatch(/^coppice worker --queue \S+ --jobs 'my jobs'$/);
      expect(sameCommand()).not.toContain("secret");
      expect(await withContext({}, ({ command }) => Promise.resolve(command.join(" ")))).not.toContain("secret");
    } finally {
      process.argv = argv;
    }
  });
});
