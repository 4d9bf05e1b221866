import { expect, it } from "vitest";
import { registries, rememberFile, runDefinition } from "../../../src/plugins/index.ts";
import { definePruner, omp } from "../../../src/prune/index.ts";
import { Interrupted } from "../../../src/train/index.ts";
import { CoppiceError } from "../../../src/util/errors.ts";

registries.pruner.add(definePruner({ ...omp, name: "thrower" }) as never);
rememberFile("pruner", "thrower", { path: "/plugins/thrower.ts", sha256: "0".repeat(64) });
const throwing = (error: unknown) => (): Promise<never> => Promise.reject(error);

it("gives what the work gives", async () => {
  expect(await runDefinition("pruner", "thrower", async () => 5)).toBe(5);
});

it("says whose error it is, and keeps it as the cause", async () => {
  const cause = new RangeError("kaboom");
  await expect(runDefinition("pruner", "thrower", throwing(cause))).rejects.toMatchObject({
    code: "E_CONFIG",
    message: "pruner thrower of /plugins/thrower.ts: expected it to run, got: kaboom",
    cause,
  });
});

it("leaves errors for the user, stops, and what built-in definitions throw", async () => {
  for (const error of [new CoppiceError("E_ARG", "a: expected b, got c"), new Interrupted()]) {
    await expect(runDefinition("pruner", "thrower", throwing(error))).rejects.toBe(error);
  }
  const error = new TypeError("ours");
  await expect(runDefinition("pruner", "omp", throwing(error))).rejects.toBe(error);
});
