import { describe, expect, it } from "vitest";
import { methodJson, methodsCommand, presetWords } from "../../../../src/cli/commands/methods.ts";
import { methodNamed, methods, presets } from "../../../../src/unlearn/index.ts";
import { printedBy } from "../../../support/command-line.ts";

const printed = async (...args: string[]): Promise<string> =>
  (await printedBy(() => methodsCommand().parse(args, { from: "user" }))).out;

describe("coppice methods", () => {
  it("lists every method on a line", async () => {
    const lines = (await printed()).split("\n");
    for (const { name, description } of methods) {
      expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^ {2}${name} `)));
      expect(lines.some((line) => line.endsWith(`  ${description}`))).toBe(true);
    }
    expect(lines.length).toBe(methods.length + 3);
  });

  it("shows one with its options, their ranges, defaults and sources, and its presets", async () => {
    const text = await printed("ssd");
    expect(text).toContain("ssd: Selective synaptic dampening (SSD)\n");
    for (const [name, { description, source, default: value }] of Object.entries(methodNamed("ssd").options)) {
      expect(text).toContain(`  --${name}: ${description}\n`);
      expect(text).toContain(`default ${value} (${source})`);
    }
    expect(text).toContain("a number > 0; default 10");
    expect(text).toContain("Instead of the defaults, for cifar10, class: alpha 5 (");
    expect(text).not.toContain("--gamma");
  });

  it("gives programs everything", async () => {
    const all = JSON.parse(await printed("--json")) as { name: string }[];
    expect(all.map(({ name }) => name)).toEqual(methods.map(({ name }) => name));
    const [ssd] = JSON.parse(await printed("ssd", "--json")) as object[];
    expect(ssd).toEqual(JSON.parse(JSON.stringify(methodJson(methodNamed("ssd")))));
    expect(ssd).toMatchObject({
      needs: { retain: true, forget: true, heldOut: "never" },
      options: { alpha: { default: 10 } },
      presets: presets.filter(({ method }) => method === "ssd"),
    });
  });
});

it("a preset names the options that must stand beside it", () => {
  const preset = {
    method: "a",
    when: { data: "cifar10" as const },
    values: { lr: 0.1 },
    with: { epochs: 5 },
    source: "s",
  };
  expect(presetWords(preset)).toBe("Instead of the defaults, for cifar10 with epochs 5: lr 0.1 (s)");
});
