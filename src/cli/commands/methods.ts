import { Command } from "@commander-js/extra-typings";
import Table from "cli-table3";
import { methods, type Preset, presets, rangeOf } from "../../unlearn/index.ts";

/** `coppice methods`: the unlearning methods with their options. */
export function methodsCommand(): Command {
  const command = new Command("methods")
    .description("list the unlearning methods, their options and what they cost")
    .option("--json", "for machines")
    .addHelpText("after", "\nExample:\n  coppice methods --json");
  command.action((options) => {
    if (options.json === true) {
      const listed = methods.map((method) => {
        const { name, title, description, source, cost, needs, options: specs } = method;
        const heldOut = "needsValidation" in method ? "with some options" : "never";
        const own = presets.filter((preset) => preset.method === name);
        return { name, title, description, source, cost, needs: { ...needs, heldOut }, options: specs, presets: own };
      });
      console.log(JSON.stringify(listed, null, 2));
      return;
    }
    for (const method of methods) {
      console.log(`${method.name}: ${method.description}\n  cost: ${method.cost}`);
      const table = new Table({
        head: ["option", "default", "range", "meaning"],
        style: { head: [], border: [] },
        colWidths: [null, null, null, 60],
        wordWrap: true,
      });
      for (const [name, spec] of Object.entries(method.options)) {
        table.push([
          name,
          spec.default,
          spec.type === "choice" ? spec.choices.join(", ") : rangeOf(spec),
          spec.description,
        ]);
      }
      console.log(table.toString());
      for (const preset of presets.filter((entry) => entry.method === method.name)) console.log(`  ${shown(preset)}`);
      console.log();
    }
  });
  return command as unknown as Command;
}

/** `preset for cifar10, random: lr 0.04 (source)` */
function shown({ when, values, with: others = {}, source }: Preset): string {
  const pairs = (entries: object): string =>
    Object.entries(entries)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ");
  const beside = Object.keys(others).length === 0 ? "" : ` with ${pairs(others)}`;
  return `preset for ${Object.values(when).join(", ")}${beside}: ${pairs(values)} (${source})`;
}
