import { expect, it } from "vitest";
import { openSender, withoutPassword } from "../../../src/jobs/job-queue.ts";

it.each([
  ["redis://host:6379", "redis://host:6379"],
  ["redis://:secret@host", "redis://:***@host"],
  ["rediss://me:secret@host:6379/1", "rediss://me:***@host:6379/1"],
  ["--queue=redis://me:se:cret@host", "--queue=redis://me:***@host"],
  ["redis://me:s@cre/t@host/1", "redis://me:***@host/1"],
  ["redis://me@host", "redis://me@host"],
  ["runs/a:b@c", "runs/a:b@c"],
])("prints %s as %s", (url, printed) => {
  expect(withoutPassword(url)).toBe(printed);
});

it.each(["localhost:6379", "http://me:secret@host"])("refuses the address %s", async (url) => {
  const error = await openSender(url, () => undefined).catch((thrown: unknown) => String(thrown));
  expect(error).toContain("queue: expected an address like redis://host:6379, got");
  expect(error).not.toContain("secret");
});
