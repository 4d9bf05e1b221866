import { Command, Option } from "@commander-js/extra-typings";
import { datasets } from "../../data/registry.ts";
import { architectures } from "../../models/index.ts";
import {
  defaultSharding,
  optimizerNames,
  scheduleNames,
  stems,
  type TrainConfig,
  trainDefaults,
} from "../../record/index.ts";
import { trainConfig as configOfLibrary } from "../../library/index.ts";
import { checkApart, trainStage } from "../../stages/index.ts";
import { withContext } from "../context.ts";
import { allowUnverified, dataFlags, device, force, headings, json, seed } from "../flags.ts";
import { integerOption, numberOption, numbersOption } from "../parse.ts";
import { printRun } from "../print-run.ts";

/** `coppice train`: an original. */
export function trainCommand(): Command {
  const command = declare();
  command.action(async (options) => {
    const given = settledByPoison.filter((name) => command.getOptionValueSource(name) === "cli");
    const config = trainConfig(options, given);
    checkApart(options.out, [options.poison]);
    await withContext({ force: options.force, how: `coppice resume ${options.out}` }, async (context) => {
      printRun(await trainStage(config, options.out, context), options.out, options.json === true);
    });
  });
  return command as unknown as Command;
}

const { recipe } = trainDefaults;

const declare = () =>
  new Command("train")
    .summary("train a model, the original")
    .description("Train a model, the original that later forgets.")
    .optionsGroup(headings.data)
    .option("--data <name>", `data set: ${datasets.map(({ name }) => name).join(", ")}`, trainDefaults.data.name)
    .addOption(dataFlags.folder)
    .addOption(allowUnverified)
    .addOption(dataFlags.classes)
    .addOption(dataFlags.resolution)
    .addOption(dataFlags.applyOrientation)
    .addOption(dataFlags.numTrain)
    .addOption(dataFlags.numTest)
    .addOption(dataFlags.split)
    .option(
      "--validation <fraction>",
      "fraction of every class held out for validation",
      numberOption,
      trainDefaults.split.validationFraction,
    )
    .option("--poison <folder>", "train on the data set and split that `coppice poison` wrote to this folder")
    .optionsGroup("Model:")
    .option("--arch <name>", `architecture: ${architectures.map(({ name }) => name).join(", ")}`, trainDefaults.arch)
    .addOption(
      new Option("--stem <kind>", "first layers: for small images (cifar) or large ones (imagenet)")
        .choices(stems)
        .default(trainDefaults.stem),
    )
    .option(
      "--shards <n>",
      "train an ensemble of n networks, each on its own shard of the data, for the method sisa",
      integerOption,
    )
    .option(
      "--slices <n>",
      `slices of a shard, added one after another (default with --shards: ${defaultSharding.slices})`,
      integerOption,
    )
    .optionsGroup(headings.how)
    .option("--epochs <n>", "passes over the training images", integerOption, recipe.epochs)
    .option("--batch-size <n>", "images per step", integerOption, recipe.batchSize)
    .addOption(new Option("--optimizer <name>", "optimiser").choices(optimizerNames).default(recipe.optimizer))
    .option("--lr <rate>", "learning rate", numberOption, recipe.lr)
    .option("--momentum <value>", "momentum of SGD", numberOption, recipe.momentum)
    .option("--weight-decay <value>", "weight decay", numberOption, recipe.weightDecay)
    .option("--nesterov", "Nesterov momentum")
    .addOption(
      new Option("--schedule <name>", "learning rate schedule").choices(scheduleNames).default(recipe.schedule),
    )
    .option(
      "--milestones <fractions>",
      "of multistep: fractions of the epochs after which the learning rate is divided by ten",
      numbersOption,
      [...recipe.milestones],
    )
    .option("--warmup-epochs <n>", "epochs of linear warm-up", integerOption, recipe.warmupEpochs)
    .option("--no-augment", "neither crop nor flip the training images")
    .option(
      "--rewind-epoch <n>",
      "epoch whose weights are saved for pruning (default: 8, or a tenth of the epochs if that is less)",
      integerOption,
    )
    .addOption(seed)
    .optionsGroup(headings.where)
    .addOption(device)
    .optionsGroup(headings.output)
    .requiredOption("--out <folder>", "run folder to write")
    .addOption(force)
    .addOption(json)
    .addHelpText(
      "after",
      "\nExample:\n  coppice train --data cifar10 --arch resnet18 --epochs 182 --out runs/original",
    );

type Options = ReturnType<ReturnType<typeof declare>["opts"]>;

/** Options that `--poison` settles: their defaults are not the user's word. */
const settledByPoison = ["data", "split", "validation"] as const;

/**
 * The settings of the training.
 * @param given names of the options that were given
 * @throws CoppiceError E_ARG for an unknown data set, `--slices` without `--shards`, or another data set or split beside `--poison`
 */
export function trainConfig(options: Options, given: readonly string[]): TrainConfig {
  const defaults = options.poison === undefined ? [] : settledByPoison.filter((name) => !given.includes(name));
  return configOfLibrary({ ...options, ...Object.fromEntries(defaults.map((name) => [name, undefined])) });
}
