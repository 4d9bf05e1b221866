import { expect, it } from "vitest";
import { modelsCommand } from "../../../../src/cli/commands/models.ts";
import { models } from "../../../../src/models/index.ts";
import { printedBy } from "../../../support/command-line.ts";

const printed = async (...args: string[]): Promise<string> =>
  (await printedBy(() => modelsCommand().parse(args, { from: "user" }))).out;

it("lists the architectures, for people and for programs", async () => {
  const table = await printed();
  const list = JSON.parse(await printed("--json")) as object[];
  expect(list).toEqual(
    models.map(({ arch, description, parameterCount, stems }) => ({ arch, description, parameterCount, stems })),
  );
  for (const { arch, parameterCount } of models) expect(table).toMatch(new RegExp(`${arch} .*${parameterCount}`));
});
