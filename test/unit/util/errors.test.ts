import { describe, expect, it } from "vitest";
import { CoppiceError, invariant, messageOf, systemCode } from "../../../src/util/errors.ts";

describe("CoppiceError", () => {
  it("carries code, message, hint and cause", () => {
    const cause = new TypeError("inner");
    const error = new CoppiceError("E_DATA", "labels: expected 10, got 9", { hint: "download it again", cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: "CoppiceError",
      code: "E_DATA",
      message: "labels: expected 10, got 9",
      hint: "download it again",
    });
    expect(error.cause).toBe(cause);
  });

  it("has neither hint nor cause unless given", () => {
    const error = new CoppiceError("E_ARG", "x: expected 1, got 2");
    expect(error.hint).toBeUndefined();
    expect("cause" in error).toBe(false);
  });
});

describe("invariant", () => {
  it("lets what holds pass", () => {
    expect(() => invariant(1, "one")).not.toThrow();
  });

  it.each([false, 0, "", null, undefined])("reports %s as a bug of ours", (condition) => {
    expect(() => invariant(condition, "no such stage")).toThrow("internal error, please report it: no such stage");
  });
});

it("messageOf takes anything that can be thrown", () => {
  expect(messageOf(new RangeError("too far"))).toBe("too far");
  expect(messageOf("a word")).toBe("a word");
  expect(messageOf(undefined)).toBe("undefined");
});

it("systemCode is Node's code, where there is one", () => {
  expect(systemCode(Object.assign(new Error("full"), { code: "ENOSPC" }))).toBe("ENOSPC");
  for (const other of [new Error("plain"), { code: 7 }, null, undefined, "ENOSPC"]) {
    expect(systemCode(other)).toBeUndefined();
  }
});
