import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import {
  defaultWithhold,
  lookedAt,
  type PreparedTune,
  prepareTune,
  runTune,
  type TuneConfig,
} from "../../tune/index.ts";
import { RunFolder } from "../../stages/index.ts";
import { recipeOf } from "../../stages/parent.ts";
import { plural } from "../../format/index.ts";
import { renderTuneReport, renderTuneTable } from "../../report/index.ts";
import { writeFileAtomic } from "../../util/files.ts";
import { withContext } from "../context.ts";
import { givenOptions, methodFlags } from "../method-flags.ts";
import { engineOption, integerOption, numberOption, precisionOption } from "../parse.ts";
import { requestOf, type RequestOptions } from "./forget.ts";

/** `coppice tune`: a method's options, searched without the test set and without Retrain. */
export function tuneCommand(): Command {
  const command = new Command("tune")
    .description("search a method's options on held-out images; never opens the test set or Retrain")
    .requiredOption("--model <run>", "run folder of the model, of an original trained with --validation")
    .requiredOption(
      "--out <folder>",
      "folder for the trials, the record and the report; run again, it goes on where it was",
    )
    .option("--method <name>", "unlearning method, see `coppice methods`", "l1-sparse")
    .option(
      "--search <ranges>",
      "OPTION=LOW:HIGH[:log] or OPTION=A|B, several by commas (default: around the defaults)",
    )
    .option("--trials <n>", "trials to draw (default: 16, or what fits into --minutes)", integerOption)
    .option("--minutes <n>", "begin no trial after that long", numberOption)
    .option(
      "--withhold <share>",
      "of the retained images, kept from the method to judge it on",
      numberOption,
      defaultWithhold,
    )
    .option("--class <names...>", "forget whole classes, by number or name")
    .option("--random <fraction>", "forget this share of the training images", numberOption)
    .option("--count <n>", "forget this many random training images", integerOption)
    .option("--ids <file>", "forget the records listed in a CSV or JSON file")
    .option("--forget-seed <n>", "seed of a random forget set (default: the split's)", integerOption)
    .option("--batch-size <n>", "images per step (default: the original's)", integerOption)
    .option("--data-folder <folder>", "where the data are, if no longer where they were")
    .option("--allow-unverified", "use files whose checksums are not the published ones")
    .option("--seed <n>", "of draws, of what is withheld, and of the method (default: the model's)", integerOption)
    .option("--engine <name>", "how a pruned model is computed: sparse, dense or auto", engineOption)
    .option("--precision <name>", "of activations on the sparse engine: float32 or bf16", precisionOption)
    .option("--device <name>", "cpu or cuda", "cpu")
    .option("--plan", "print what would be searched, on what and how often, and do nothing")
    .option("--json", "print the record");
  for (const flag of methodFlags()) command.addOption(flag);
  command.addHelpText("after", examples);
  command.action(async (options) => {
    const config = configOf(options);
    await withContext({ how: "the same command" }, async (context) => {
      if (options.plan === true) {
        printPlan(await prepareTune(config, context));
        return;
      }
      const onTrial = (title: string): void => context.log(title);
      const record = await runTune(config, options.out, { ...context, onTrial });
      writeFileAtomic(join(options.out, "trials.md"), renderTuneTable(record));
      writeFileAtomic(join(options.out, "report.html"), await renderTuneReport(record));
      context.progress.end();
      if (options.json === true) console.log(JSON.stringify(record, null, 2));
      else
        console.log(
          `${renderTuneTable(record)}\n${record.looked.statement}\nreport: ${join(options.out, "report.html")}`,
        );
    });
  });
  return command as unknown as Command;
}

const examples = `
Options that are given, as --epochs 5, are fixed; all others that are not searched are as \`coppice forget\` would have them.

Examples:
  coppice tune --model runs/original --class 0 --method l1-sparse --trials 16 --out runs/tune
  coppice tune --model runs/pruned --random 0.1 --method finetune --search lr=1e-3:1e-1:log --minutes 20 --out runs/tune
  coppice tune --model runs/original --class 0 --method scrub --plan --out runs/tune`;

interface Options extends RequestOptions {
  readonly model: string;
  readonly method: string;
  readonly search?: string | undefined;
  readonly trials?: number | undefined;
  readonly minutes?: number | undefined;
  readonly withhold: number;
  readonly forgetSeed?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly dataFolder?: string | undefined;
  readonly allowUnverified?: true | undefined;
  readonly seed?: number | undefined;
  readonly engine?: ReturnType<typeof engineOption> | undefined;
  readonly precision?: ReturnType<typeof precisionOption> | undefined;
  readonly device: string;
}

function configOf(options: Options): TuneConfig {
  const { model, method, search, trials, minutes, withhold, forgetSeed, engine, precision, device } = options;
  const request = requestOf(options);
  const record = RunFolder.open(model).requireFinished();
  return {
    model,
    request,
    method,
    withhold,
    options: givenOptions(options),
    ...(search === undefined ? {} : { search }),
    ...(trials === undefined ? {} : { trials }),
    ...(minutes === undefined ? {} : { minutes }),
    ...(forgetSeed === undefined ? {} : { forgetSeed }),
    ...(engine === undefined ? {} : { engine }),
    ...(precision === undefined ? {} : { precision }),
    batchSize: options.batchSize ?? recipeOf(record).batchSize,
    data: {
      allowUnverified: options.allowUnverified === true,
      ...(options.dataFolder === undefined ? {} : { folder: options.dataFolder }),
    },
    seed: options.seed ?? record.seed,
    device,
  };
}

function printPlan(tune: PreparedTune): void {
  const { method, space, rungs, halvingNote, split, config } = tune;
  const { objective, neverSeen, withheld, statement } = lookedAt(tune);
  const { forget, retain } = split.indices;
  console.log(`${method.name}: forgets ${forget.length} images, is given ${retain.length} retained ones`);
  for (const dimension of space) {
    const range =
      dimension.scale === "choice"
        ? `one of ${dimension.choices.join(", ")}`
        : `${dimension.low} to ${dimension.high}, ${dimension.scale}`;
    console.log(`  searched: ${dimension.option}, ${range}`);
  }
  const epochsOf = (epochs: number | null): string => (epochs === null ? "in full" : `of ${plural(epochs, "epoch")}`);
  console.log(
    `  trials: 1 without a search, ${rungs.map(({ trials, epochs }) => `${trials} ${epochsOf(epochs)}`).join(", then ")}`,
  );
  if (config.minutes !== undefined)
    console.log(
      `  until ${config.minutes} minutes are used${config.trials === undefined ? ", drawn again and again" : ""}`,
    );
  console.log(`  successive halving: ${halvingNote}`);
  console.log(`objective: ${objective}`);
  console.log(`never seen: ${neverSeen}\nwithheld: ${withheld}\n${statement}`);
}
