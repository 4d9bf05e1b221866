import type { Command } from "@commander-js/extra-typings";
import { Option } from "@commander-js/extra-typings";
import { allocations, pruners } from "../../prune/index.ts";
import { layerKinds, type PruneConfig, pruneDefaults, rewinds } from "../../record/index.ts";
import { pruneConfig as configOfLibrary } from "../../library/index.ts";
import { prunePlan, pruneStage } from "../../stages/index.ts";
import { CoppiceError } from "../../util/errors.ts";
import { ChoiceCommand } from "../choice-command.ts";
import { givenOptions } from "../choice.ts";
import { prunerChoice } from "../choices.ts";
import { withContext } from "../context.ts";
import { allowUnverified, device, engine, force, headings, json, movedDataFolder, precision, seed } from "../flags.ts";
import { integerOption, numberOption } from "../parse.ts";
import { printPlan } from "../print-plan.ts";
import { printRun } from "../print-run.ts";
import { printJson } from "../output.ts";

/** `coppice prune`: a sparse original. */
export function pruneCommand(): Command {
  const command = declare();
  command.action(async (options) => {
    const config = pruneConfig(options);
    if (options.plan === true) return await showPlan(config, options.json === true);
    const { out } = options;
    if (out === undefined) {
      throw new CoppiceError("E_ARG", "--out: expected the run folder to write, got none", {
        hint: "--plan needs no folder: it shows what pruning would leave",
      });
    }
    await withContext({ force: options.force, how: `coppice resume ${out}` }, async (context) => {
      printRun(await pruneStage(config, out, context), out, options.json === true);
    });
  });
  return command as unknown as Command;
}

const declare = () =>
  new ChoiceCommand("prune", prunerChoice)
    .summary("prune a model: mask, rewind, train under the mask")
    .description("Prune a trained model: choose a mask, rewind the weights to an early epoch, train under the mask.")
    .optionsGroup("What to prune:")
    .requiredOption("--model <run>", "run folder of the dense model")
    .option("--sparsity <fraction>", "fraction of the weights to remove", numberOption, pruneDefaults.sparsity)
    .addOption(
      new Option("--layers <kinds>", "which layers are pruned").choices(layerKinds).default(pruneDefaults.layers),
    )
    .option("--keep-connected", "keep at least one weight in every layer")
    .addOption(movedDataFolder)
    .addOption(allowUnverified)
    .optionsGroup(headings.how)
    .option("--method, --pruner <name>", `pruner: ${pruners.map(({ name }) => name).join(", ")}`, pruneDefaults.pruner)
    .option(
      "--allocation <name>",
      `how sparsity is spread over layers: ${allocations.map(({ name, description }) => `${name} (${description})`).join(", ")}`,
      pruneDefaults.allocation,
    )
    .option(
      "--flops <fraction>",
      "with --allocation flops: largest fraction of the multiplications that remains (default: twice the fraction of weights that remains)",
      numberOption,
    )
    .addOption(
      new Option(
        "--rewind <where>",
        "weights that training under the mask starts from: the original's after its rewind epoch, its final or its initial ones (default: initial for a pruner that scores the initial weights, else epoch)",
      ).choices(rewinds),
    )
    .option(
      "--epochs <n>",
      "epochs of training under the mask (default: from the rewind epoch to the original's last)",
      integerOption,
    )
    .addOption(seed)
    .addOption(engine)
    .addOption(precision)
    .addOption(device)
    .optionsGroup(headings.output)
    .option("--out <folder>", "run folder to write; needed unless --plan")
    .option("--plan", "only print what each allocation leaves of every layer, and how long a training step takes")
    .addOption(force)
    .addOption(json)
    .addHelpText(
      "after",
      `
\`coppice prune --pruner imp --help\` shows the options of the pruner imp.

Examples:
  coppice prune --model runs/original --sparsity 0.95 --out runs/pruned
  coppice prune --model runs/original --sparsity 0.95 --plan`,
    );

type Options = ReturnType<ReturnType<typeof declare>["opts"]>;

/** The settings of the pruning, the same for a plan. */
export function pruneConfig({ model, ...options }: Options): PruneConfig {
  return configOfLibrary(model, { ...options, ...givenOptions(prunerChoice, options) });
}

async function showPlan(config: PruneConfig, json: boolean): Promise<void> {
  await withContext({ quiet: json }, async (context) => {
    const plan = await prunePlan(config, context);
    if (json) printJson(plan);
    else printPlan(plan);
  });
}
