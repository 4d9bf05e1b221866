import { Command } from "@commander-js/extra-typings";
import { expect, it } from "vitest";
import { samplesAsked, samplesFlags } from "../../../src/cli/samples-flag.ts";

function asked(...words: string[]): boolean | undefined {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  const parsed = command.addOption(samplesFlags.with).addOption(samplesFlags.without).parse(words, { from: "user" });
  return samplesAsked(parsed.opts());
}

it("is asked for, refused, or left to the data", () => {
  expect([asked("--with-samples"), asked("--no-samples"), asked()]).toEqual([true, false, undefined]);
});

it("is not both", () => {
  expect(() => asked("--with-samples", "--no-samples")).toThrow(/cannot be used with/);
});
