import { expect, it } from "vitest";
import { checkStateDict } from "../../../src/nn/state-dict.ts";
import { type Tensor, zeros } from "../../../src/torch/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const own = new Map([
  ["weight", zeros([2, 3])],
  ["bias", zeros([2])],
  ["steps", zeros([], { dtype: "int64" })],
]);
const check = (changes: Readonly<Record<string, Tensor | null>>): void => {
  const given = new Map<string, Tensor>(own);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) given.delete(name);
    else given.set(name, value);
  }
  checkStateDict("Net", own, given);
};

it("takes the same entries, in any type of the same kind", () => {
  expect(() => check({})).not.toThrow();
  expect(() => check({ bias: zeros([2], { dtype: "float64" }), steps: zeros([], { dtype: "int32" }) })).not.toThrow();
});

it.each([
  ["missing", { bias: null }, "1 missing:\n  bias"],
  ["unexpected", { scale: zeros([1]) }, "1 unexpected:\n  scale"],
  ["of another shape", { weight: zeros([3, 2]) }, "1 of another shape or type:\n  weight: expected [2, 3], got [3, 2]"],
  ["an integer", { bias: zeros([2], { dtype: "int64" }) }, "  bias: expected float32, got int64"],
])("lists an entry that is %s", (_, changes, problem) => {
  const error = thrownBy(() => check(changes as Record<string, Tensor | null>));
  expect(error.code).toBe("E_CHECKPOINT");
  expect(error.message).toMatch(/^Net\.loadStateDict: expected exactly the model's 3 entries, got /);
  expect(error.message).toContain(problem);
});

it("lists all problems at once", () => {
  const { message } = thrownBy(() => check({ bias: null, scale: zeros([1]), weight: zeros([2]) }));
  for (const problem of ["1 missing", "1 unexpected", "1 of another shape or type"]) expect(message).toContain(problem);
});
