import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Command } from "@commander-js/extra-typings";
import { Experiment, type GridSpec, type JobsStatus, type PlanLine } from "../../experiments/index.ts";
import { presets, type Recipe, recipeNamed, recipeNames } from "../../recipes/index.ts";
import { renderScores, renderTimes } from "../../report/index.ts";
import { expectChoice } from "../../util/assert.ts";
import { CoppiceError } from "../../util/errors.ts";
import { makeFolder } from "../../util/files.ts";
import { type CliContext, withContext } from "../context.ts";
import { integerOption } from "../parse.ts";
import { duration } from "../progress.ts";
import { writeExperiment } from "../write-experiment.ts";

/** `coppice experiment`: a grid of runs to its tables and report; run again, or beside itself, it does what is left. */
export function experimentCommand(): Command {
  const command = new Command("experiment")
    .description("run a grid of models, methods and seeds to its tables and report; run again, it goes on where it was")
    .argument("<recipe>", `${recipeNames.join(", ")}, or a JavaScript file whose export \`recipe\` gives a grid`)
    .requiredOption("--out <folder>", "folder for the record, the tables and the report")
    .option("--preset <name>", `scale: ${presets.join(", ")}`, "quick")
    .option("--seeds <n>", "how many seeds, from 1 on (default: the preset's)", integerOption)
    .option("--jobs <folder>", "folder of finished stages, shared by experiments (default: jobs, beside --out)")
    .option(
      "--queue <url>",
      "have the stages done by workers (`coppice worker`) through Redis or Valkey at redis://host:6379",
    )
    .option("--plan", "print what would be done and about how long it takes, and do nothing")
    .option("--lease <seconds>", "how long a stage is left to a process that gives no sign of life", integerOption, 120)
    .option("--data-folder <folder>", "where the data are")
    .option("--allow-unverified", "use files whose checksums are not the published ones")
    .option("--device <device>", "cpu or cuda", "cpu")
    .option("--engine <engine>", "auto, dense or sparse: how pruned models are computed")
    .option("--json", "print the record")
    .addHelpText(
      "after",
      `
The same command may be run several times at once, on one machine or on several that share the folders: no stage is done twice.
With --queue this process only watches, and workers may come and go.

Examples:
  coppice experiment table1 --plan --out runs/table1
  coppice experiment table1 --out runs/table1
  coppice experiment figure1 --seeds 3 --out runs/figure1
  coppice experiment table1 --queue redis://server:6379 --jobs /share/jobs --out runs/table1`,
    );
  command.action(async (name, options) => {
    const spec = adapted(await specOf(name, options), options);
    const store = options.jobs ?? join(dirname(resolve(options.out)), "jobs");
    await withContext({ how: process.argv.slice(2).join(" ") }, async (context) => {
      const onStatus = statusLine(context);
      const experiment = new Experiment(spec, { store, leaseSeconds: options.lease, onStatus, queue: options.queue });
      if (options.plan === true) return printPlan(await experiment.plan(context));
      makeFolder(options.out);
      const record = await experiment.run(context);
      await writeExperiment(record, options.out);
      context.progress.end();
      if (options.json === true) console.log(JSON.stringify(record, null, 2));
      else
        console.log(
          `${renderScores(record, "md")}\n${renderTimes(record, "md")}\nreport: ${join(options.out, "report.html")}`,
        );
      const [first] = record.failures;
      if (first === undefined) return;
      throw new CoppiceError(
        "E_CONFIG",
        `${spec.name}: expected every stage to succeed, got ${record.failures.length} that did not: ${first.title}: ${first.message}`,
        { hint: "the tables hold what succeeded; what failed is tried again when the command is run again" },
      );
    });
  });
  return command as unknown as Command;
}

interface Options {
  readonly preset: string;
  readonly seeds?: number | undefined;
  readonly dataFolder?: string | undefined;
  readonly allowUnverified?: true | undefined;
  readonly device: string;
  readonly engine?: string | undefined;
}

async function specOf(name: string, { preset, seeds }: Options): Promise<GridSpec> {
  const recipe = existsSync(name) ? await recipeIn(name) : recipeNamed(name);
  const options = { preset: expectChoice("preset", preset, presets), ...(seeds === undefined ? {} : { seeds }) };
  return recipe(options);
}

async function recipeIn(file: string): Promise<Recipe> {
  const module = (await import(pathToFileURL(resolve(file)).href)) as { recipe?: Recipe };
  if (typeof module.recipe === "function") return module.recipe;
  throw new CoppiceError("E_ARG", `${file}: expected an exported function \`recipe\`, got ${typeof module.recipe}`);
}

function adapted(spec: GridSpec, { dataFolder, allowUnverified, device, engine }: Options): GridSpec {
  const data = {
    ...spec.train.data,
    ...(dataFolder === undefined ? {} : { folder: dataFolder }),
    ...(allowUnverified === undefined ? {} : { allowUnverified }),
  };
  return {
    ...spec,
    ...(engine === undefined ? {} : { engine: expectChoice("engine", engine, ["auto", "dense", "sparse"] as const) }),
    train: { ...spec.train, data, device },
  };
}

function statusLine({ log, progress }: CliContext): (status: JobsStatus) => void {
  return ({ total, done, failed, elsewhere, job }) => {
    const rest = [
      ...(failed === 0 ? [] : [`${failed} failed`]),
      ...(elsewhere === 0 ? [] : [`${elsewhere} under way elsewhere`]),
    ];
    const state = [`${done} of ${total} stages done`, ...rest].join(", ");
    progress.stage = `${done}/${total}`;
    if (job !== null) log(`${state}; ${job.title}`);
    else if (done + failed < total) progress.show(`${state}; waiting`);
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
