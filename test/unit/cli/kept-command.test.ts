import { expect, it } from "vitest";
import { keptCommand } from "../../../src/cli/kept-command.ts";

it("keeps everything but the values by which rows were chosen", () => {
  const command = [
    "coppice",
    "forget",
    "--ids",
    "a=b.csv",
    "--where",
    "customer=C-104=x",
    "--where=name=Ann",
    "--out",
    "x=y",
  ];
  expect(keptCommand(command)).toEqual([
    ...["coppice", "forget", "--ids", "a=b.csv", "--where", "customer=…", "--where=name=…", "--out", "x=y"],
  ]);
});
