import { dirname, join, resolve } from "node:path";
import { Command } from "@commander-js/extra-typings";
import type { ExperimentOptions } from "../../experiments/index.ts";
import { backdoorRecipes, presets, type RecipeOptions } from "../../recipes/index.ts";
import { expectChoice } from "../../util/assert.ts";
import { CoppiceError } from "../../util/errors.ts";
import { defined } from "../../util/defined.ts";
import { checkFailures } from "../check-failures.ts";
import { choiceOption, countOption } from "../parse.ts";
import { sameCommand, withContext } from "../context.ts";
import { allowUnverified, device, headings, json } from "../flags.ts";
import { statusLine } from "../jobs-status.ts";
import { gridOf, recipeNames } from "../recipe-file.ts";
import { runGrid, runBackdoorGrid } from "../run-experiment.ts";

/** `coppice experiment`: a grid of runs to its tables and report; run again, or several times at once, it does what is left. */
export function experimentCommand(): Command {
  const command = declare();
  command.action(async (name, options) => {
    const settings = recipeOptions(options);
    await withContext({ how: sameCommand() }, async (context) => {
      const jobs = { ...jobOptions(options), onStatus: statusLine(context) };
      const recipe = backdoorRecipes[name];
      if (recipe === undefined && options.attacks !== undefined) throw noAttacks(name);
      checkFailures(
        name,
        recipe === undefined
          ? await runGrid(await gridOf(name, settings), options, jobs, context)
          : await runBackdoorGrid(recipe(settings), options, jobs, context),
      );
    });
  });
  return command as unknown as Command;
}

const trojanRecipes = Object.keys(backdoorRecipes);

const declare = () =>
  new Command("experiment")
    .summary("run a grid of models, methods and seeds to its tables")
    .description(
      "Run a grid of models, methods and seeds, and write its tables and report. Run again, the experiment continues where it stopped.",
    )
    .argument(
      "<recipe>",
      `${recipeNames.join(", ")}, or a TypeScript or JavaScript file that exports a function \`recipe\``,
    )
    .optionsGroup("What is run:")
    .option("--preset <name>", `scale: ${presets.join(", ")}`, "quick")
    .option("--seeds <n>", "number of seeds, 1 to n (default: the preset's)", countOption)
    .option(
      "--attacks <names...>",
      `backdoor attacks of ${trojanRecipes.join(", ")} (default: the preset's); methods are tuned on the first`,
    )
    .option("--plan", "only print the jobs and about how long they take")
    .optionsGroup(headings.data)
    .option("--data-folder <folder>", "folder of the data set")
    .addOption(allowUnverified)
    .optionsGroup(headings.where)
    .option("--jobs <folder>", "folder of finished jobs; experiments can share it (default: jobs, beside --out)")
    .option("--queue <url>", "let workers (`coppice worker`) do the jobs, through Redis or Valkey at redis://host:6379")
    .option(
      "--lease <seconds>",
      "seconds after which the job of a process that no longer renews its lease is free again",
      countOption,
      120,
    )
    .addOption(device)
    .option(
      "--engine <engine>",
      "how pruned models are computed: auto, dense or sparse",
      choiceOption(["auto", "dense", "sparse"] as const),
    )
    .optionsGroup(headings.output)
    .requiredOption("--out <folder>", "folder for record, tables and report")
    .addOption(json)
    .addHelpText(
      "after",
      `
\`coppice experiment theory\` and \`coppice experiment transfer\` run the commands of these names, which have their own options.

The same command may run several times at once, on one machine or on several that share the folders: no job is done twice.
With --queue this process only watches, and workers may come and go.

Examples:
  coppice experiment table1 --plan --out runs/table1
  coppice experiment table1 --out runs/table1
  coppice experiment figure1 --seeds 3 --out runs/figure1
  coppice experiment table1 --queue redis://server:6379 --jobs /share/jobs --out runs/table1`,
    );

type Options = ReturnType<ReturnType<typeof declare>["opts"]>;

/** What the recipe is asked for. @throws CoppiceError E_ARG for an unknown preset */
export function recipeOptions({ preset, seeds, attacks }: Options): RecipeOptions {
  return { preset: expectChoice("--preset", preset, presets), ...defined({ seeds, attacks }) };
}

/** Where finished jobs are kept, and who does the others. */
export function jobOptions({ jobs, out, lease, queue }: Options): ExperimentOptions {
  return { store: jobs ?? join(dirname(resolve(out)), "jobs"), leaseSeconds: lease, ...defined({ queue }) };
}

function noAttacks(recipe: string): CoppiceError {
  return new CoppiceError("E_ARG", `--attacks: expected a recipe on Trojaned models, got ${recipe}`, {
    hint: `those are ${trojanRecipes.join(", ")}`,
  });
}
