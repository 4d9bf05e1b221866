import { expect, it } from "vitest";
import { modelsCommand } from "../../../../src/cli/commands/models.ts";
import { architectures } from "../../../../src/models/index.ts";
import { printedBy } from "../../../support/command-line.ts";

const printed = async (...args: string[]): Promise<string> =>
  (await printedBy(() => modelsCommand().parse(args, { from: "user" }))).out;

it("lists the architectures, for people and for programs", async () => {
  const table = await printed();
  const list = JSON.parse(await printed("--json")) as object[];
  expect(list).toEqual(
    architectures.map(({ name, description, parameterCount, stems = ["cifar"] }) => {
      return { arch: name, description, parameterCount, stems };
    }),
  );
  for (const { name, parameterCount } of architectures)
    expect(table).toMatch(new RegExp(`${name} .*${parameterCount}`));
});
