import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Command } from "@commander-js/extra-typings";
import {
  checkGridShape,
  type CleansingOptions,
  type CleansingSpec,
  Experiment,
  type ExperimentOptions,
  type GridSpec,
  planCleansing,
} from "../../experiments/index.ts";
import { type DataConfig } from "../../stages/index.ts";
import { type PlanLine } from "../../jobs/index.ts";
import {
  cleansingRecipes,
  presets,
  type Recipe,
  recipeNamed,
  recipeNames,
  type RecipeOptions,
} from "../../recipes/index.ts";
import type { ExperimentRecord } from "../../record/index.ts";
import { renderCleansingTable, renderScores, renderTimes } from "../../report/index.ts";
import { expectChoice } from "../../util/assert.ts";
import { CoppiceError } from "../../util/errors.ts";
import { makeFolder } from "../../util/files.ts";
import { type CliContext, withContext } from "../context.ts";
import { statusLine } from "../jobs-status.ts";
import { countOption } from "../parse.ts";
import { duration } from "../progress.ts";
import { refuseFailures } from "../refuse-failures.ts";
import { runAndWriteCleansing } from "../write-cleansing.ts";
import { writeExperiment } from "../write-experiment.ts";

const names = [...recipeNames, ...Object.keys(cleansingRecipes)];

/** `coppice experiment`: a grid of runs to its tables and report; run again, or beside itself, it does what is left. */
export function experimentCommand(): Command {
  const command = new Command("experiment")
    .description("run a grid of models, methods and seeds to its tables and report; run again, it goes on where it was")
    .argument("<recipe>", `${names.join(", ")}, or a JavaScript file whose export \`recipe\` gives a grid`)
    .requiredOption("--out <folder>", "folder for the record, the tables and the report")
    .option("--preset <name>", `scale: ${presets.join(", ")}`, "quick")
    .option("--seeds <n>", "how many seeds, from 1 on (default: the preset's)", countOption)
    .option(
      "--attacks <names...>",
      `which attacks (${Object.keys(cleansingRecipes).join(", ")}; default: the preset's). Options are chosen on the first`,
    )
    .option("--jobs <folder>", "folder of finished stages, shared by experiments (default: jobs, beside --out)")
    .option(
      "--queue <url>",
      "have the stages done by workers (`coppice worker`) through Redis or Valkey at redis://host:6379",
    )
    .option("--plan", "print what would be done and about how long it takes, and do nothing")
    .option("--lease <seconds>", "how long a stage is left to a process that gives no sign of life", countOption, 120)
    .option("--data-folder <folder>", "where the data are")
    .option("--allow-unverified", "use files whose checksums are not the published ones")
    .option("--device <device>", "cpu or cuda", "cpu")
    .option("--engine <engine>", "auto, dense or sparse: how pruned models are computed")
    .option("--json", "print the record")
    .addHelpText(
      "after",
      `
\`coppice experiment theory\` and \`coppice experiment transfer\` run the commands of these names, which have options of their own.

The same command may be run several times at once, on one machine or on several that share the folders: no stage is done twice.
With --queue this process only watches, and workers may come and go.

Examples:
  coppice experiment table1 --plan --out runs/table1
  coppice experiment table1 --out runs/table1
  coppice experiment figure1 --seeds 3 --out runs/figure1
  coppice experiment table1 --queue redis://server:6379 --jobs /share/jobs --out runs/table1`,
    );
  command.action(async (name, options) => {
    const store = options.jobs ?? join(dirname(resolve(options.out)), "jobs");
    await withContext({ how: process.argv.slice(2).join(" ") }, async (context) => {
      const cleansingRecipe = cleansingRecipes[name];
      if (cleansingRecipe === undefined && options.attacks !== undefined) throw noAttacks(name);
      const common = { store, leaseSeconds: options.lease, onStatus: statusLine(context) };
      const failures =
        cleansingRecipe !== undefined
          ? await cleansing(cleansingRecipe(recipeOptions(options)), common, { options, context })
          : await forgetting(await specOf(name, options), { ...common, queue: options.queue }, { options, context });
      refuseFailures(name, failures);
    });
  });
  return command as unknown as Command;
}

type Failures = ExperimentRecord["failures"];

async function forgetting(
  recipe: GridSpec,
  settings: ExperimentOptions,
  { options, context }: { readonly options: Options; readonly context: CliContext },
): Promise<Failures> {
  const experiment = new Experiment(adapted(recipe, options), settings);
  if (options.plan === true) {
    printPlan(await experiment.plan(context));
    return [];
  }
  makeFolder(options.out);
  const record = await experiment.run(context);
  await writeExperiment(record, options.out);
  context.progress.end();
  print(record, [renderScores(record, "md"), renderTimes(record, "md")], options);
  return record.failures;
}

async function cleansing(
  recipe: CleansingSpec,
  settings: CleansingOptions,
  { options, context }: { readonly options: Options; readonly context: CliContext },
): Promise<Failures> {
  if (options.queue !== undefined) {
    throw new CoppiceError("E_ARG", `--queue: expected a recipe whose stages workers can do, got ${recipe.name}`, {
      hint: "leave it out, and run the same command on several machines that share --jobs",
    });
  }
  const spec = adapted(recipe, options);
  if (options.plan === true) {
    printPlan(await planCleansing(spec, settings, context));
    return [];
  }
  const record = await runAndWriteCleansing(spec, options.out, settings, context);
  context.progress.end();
  print(record, [renderCleansingTable(record)], options);
  return record.failures;
}

function print(record: object, tables: readonly string[], { json, out }: Options): void {
  if (json === true) console.log(JSON.stringify(record, null, 2));
  else console.log(`${tables.join("\n")}\nreport: ${join(out, "report.html")}`);
}

interface Options {
  readonly out: string;
  readonly queue?: string | undefined;
  readonly plan?: true | undefined;
  readonly json?: true | undefined;
  readonly preset: string;
  readonly seeds?: number | undefined;
  readonly attacks?: readonly string[] | undefined;
  readonly dataFolder?: string | undefined;
  readonly allowUnverified?: true | undefined;
  readonly device: string;
  readonly engine?: string | undefined;
}

/** A recipe's name counts before a file or folder of that name: results are often kept under it. */
async function specOf(name: string, options: Options): Promise<GridSpec> {
  const settings = recipeOptions(options);
  if (names.includes(name) || !existsSync(name)) return recipeNamed(expectChoice("recipe", name, names))(settings);
  const recipe = await recipeIn(name);
  const grid = await theirs(name, "a recipe that returns a grid", async () => await recipe(settings));
  return checkGridShape(grid, name);
}

function recipeOptions({ preset, seeds, attacks }: Options): RecipeOptions {
  return {
    preset: expectChoice("preset", preset, presets),
    ...(seeds === undefined ? {} : { seeds }),
    ...(attacks === undefined ? {} : { attacks }),
  };
}

function noAttacks(recipe: string): CoppiceError {
  return new CoppiceError("E_ARG", `--attacks: expected a recipe on Trojaned models, got ${recipe}`, {
    hint: `those are ${Object.keys(cleansingRecipes).join(", ")}`,
  });
}

async function recipeIn(file: string): Promise<(options: RecipeOptions) => unknown> {
  const url = pathToFileURL(resolve(file)).href;
  const module = await theirs(file, "a JavaScript file", async () => (await import(url)) as { recipe?: unknown });
  if (typeof module.recipe === "function") return module.recipe as Recipe;
  throw new CoppiceError("E_ARG", `${file}: expected an exported function \`recipe\`, got ${typeof module.recipe}`, {
    hint: "export it: export const recipe = ({ preset, seeds }) => ({ … }), see docs/experiments.md",
  });
}

/** What `run` gives, which is code from somebody's `file`. @throws CoppiceError E_ARG with what that code has thrown */
async function theirs<T>(file: string, expected: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const thrown = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new CoppiceError("E_ARG", `${file}: expected ${expected}, got ${thrown}`, {
      hint: "--debug shows where",
      cause: error,
    });
  }
}

function adapted<T extends GridSpec | CleansingSpec>(
  spec: T,
  { dataFolder, allowUnverified, device, engine }: Options,
): T {
  // A folder is where one data set is: a model of another one says itself where that is.
  const place = (data: DataConfig): DataConfig => ({
    ...data,
    ...(dataFolder === undefined || data.name !== spec.train.data.name ? {} : { folder: dataFolder }),
    ...(allowUnverified === undefined ? {} : { allowUnverified }),
  });
  const models =
    "models" in spec && spec.models.map(({ data, ...model }) => ({ ...model, ...(data && { data: place(data) }) }));
  return {
    ...spec,
    ...(models && { models }),
    ...(engine === undefined ? {} : { engine: expectChoice("engine", engine, ["auto", "dense", "sparse"] as const) }),
    train: { ...spec.train, data: place(spec.train.data), device },
  };
}

function printPlan(lines: readonly PlanLine[]): void {
  const seconds = lines.reduce((sum, line) => sum + line.secondsLeft, 0);
  for (const { kind, jobs, done, failed, secondsLeft } of lines) {
    const again = failed === 0 ? "" : `, ${failed} failed before`;
    console.log(
      `${kind.padEnd(9)} ${String(jobs).padStart(4)} stages, ${done} done${again}; left: about ${duration(secondsLeft)}`,
    );
  }
  console.log(`in all    about ${duration(seconds)} in one process`);
}
