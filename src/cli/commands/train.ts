import { Command, Option } from "@commander-js/extra-typings";
import { datasetNamed, datasets } from "../../data/registry.ts";
import {
  defaultRewindEpoch,
  optimizerNames,
  readPoison,
  scheduleNames,
  type TrainConfig,
  trainStage,
  usualSharding,
} from "../../stages/index.ts";
import { architectures } from "../../models/index.ts";
import { CoppiceError } from "../../util/errors.ts";
import { withContext } from "../context.ts";
import { integerOption, numberOption, numbersOption } from "../parse.ts";
import { printRun } from "../print-run.ts";

/** `coppice train`: an original. */
export function trainCommand(): Command {
  const command = new Command("train")
    .description("train a model")
    .requiredOption("--out <folder>", "run folder to write")
    .option("--data <name>", `data set: ${datasets.map(({ name }) => name).join(", ")}`, "fashion-mnist")
    .option("--poison <folder>", "train on the data that `coppice poison` described there, with its split")
    .option("--data-folder <folder>", "where its files are (default: COPPICE_DATA and the usual places)")
    .option("--allow-unverified", "use files whose checksums are not the published ones")
    .option("--classes <names...>", "use only these classes, by number or name, renumbered in this order")
    .option("--resolution <n>", "height and width of the images of an image folder (default: 224)", integerOption)
    .option("--num-train <n>", "use only the first n training images", integerOption)
    .option("--num-test <n>", "use only the first n test images", integerOption)
    .addOption(
      new Option("--split <mode>", "standard, or the reference implementation's draws")
        .choices(["standard", "reference"] as const)
        .default("standard" as const),
    )
    .option("--validation <fraction>", "share of every class held out for validation", numberOption, 0.1)
    .option("--arch <name>", `architecture: ${architectures.map(({ name }) => name).join(", ")}`, "resnet18")
    .addOption(
      new Option("--stem <kind>", "first layers").choices(["cifar", "imagenet"] as const).default("cifar" as const),
    )
    .option("--epochs <n>", "passes over the training images", integerOption, 182)
    .option("--batch-size <n>", "images per step", integerOption, 256)
    .addOption(new Option("--optimizer <name>").choices(optimizerNames).default("sgd" as const))
    .option("--lr <rate>", "learning rate", numberOption, 0.1)
    .option("--momentum <value>", "momentum of SGD", numberOption, 0.9)
    .option("--weight-decay <value>", "weight decay", numberOption, 5e-4)
    .option("--nesterov", "Nesterov momentum")
    .addOption(new Option("--schedule <name>").choices(scheduleNames).default("multistep" as const))
    .option(
      "--milestones <shares>",
      "shares of the epochs after which the rate is divided by ten",
      numbersOption,
      [0.5, 0.75],
    )
    .option("--warmup-epochs <n>", "epochs of linear warm-up", integerOption, 0)
    .option("--no-augment", "neither crop nor flip")
    .option(
      "--rewind-epoch <n>",
      "epoch whose weights are kept for pruning (default: 8, or a tenth of the epochs)",
      integerOption,
    )
    .option(
      "--shards <n>",
      "train an ensemble, each network on a shard of its own, from which SISA forgets cheaply",
      integerOption,
    )
    .option(
      "--slices <n>",
      `of a shard, added one after another (default with --shards: ${usualSharding.slices})`,
      integerOption,
    )
    .option("--seed <n>", "everything random follows from it", integerOption, 1)
    .option("--device <name>", "cpu or cuda", "cpu")
    .option("--force", "replace an earlier run in the folder")
    .option("--json", "print the run's record")
    .addHelpText(
      "after",
      "\nExample:\n  coppice train --data cifar10 --arch resnet18 --epochs 182 --out runs/original",
    );
  command.action(async (options) => {
    datasetNamed(options.data);
    if (options.slices !== undefined && options.shards === undefined)
      return command.error("error: option '--slices <n>' needs '--shards <n>'", { exitCode: 2 });
    const chosen = {
      data: {
        name: options.data,
        ...(options.classes === undefined ? {} : { classes: options.classes }),
        ...(options.resolution === undefined ? {} : { resolution: options.resolution }),
        ...(options.numTrain === undefined ? {} : { numTrain: options.numTrain }),
        ...(options.numTest === undefined ? {} : { numTest: options.numTest }),
      },
      split: { mode: options.split, validationFraction: options.validation },
    };
    const given = settledByPoison.filter((name) => command.getOptionValueSource(name) === "cli");
    const { data, split } = options.poison === undefined ? chosen : poisoned(options.poison, given);
    const config: TrainConfig = {
      data: {
        ...data,
        allowUnverified: options.allowUnverified === true,
        ...(options.dataFolder === undefined ? {} : { folder: options.dataFolder }),
      },
      split,
      arch: options.arch,
      stem: options.stem,
      recipe: {
        epochs: options.epochs,
        batchSize: options.batchSize,
        optimizer: options.optimizer,
        lr: options.lr,
        momentum: options.momentum,
        weightDecay: options.weightDecay,
        nesterov: options.nesterov === true,
        schedule: options.schedule,
        milestones: options.milestones,
        warmupEpochs: options.warmupEpochs,
        augment: options.augment,
      },
      rewindEpoch: options.rewindEpoch ?? defaultRewindEpoch(options.epochs),
      ...(options.shards === undefined
        ? {}
        : { sharding: { shards: options.shards, slices: options.slices ?? usualSharding.slices } }),
      seed: options.seed,
      device: options.device,
    };
    await withContext({ force: options.force, how: `coppice resume ${options.out}` }, async (context) => {
      printRun(await trainStage(config, options.out, context), options.out, options.json === true);
    });
  });
  return command as unknown as Command;
}

/** Options that a poison has settled. */
const settledByPoison = ["data", "classes", "resolution", "numTrain", "numTest", "split", "validation"] as const;

/** Data and split as `coppice poison` described them. @throws CoppiceError E_ARG when they are given as well */
function poisoned(folder: string, given: readonly string[]): Pick<TrainConfig, "data" | "split"> {
  const { data, poison } = readPoison(folder);
  if (given.length > 0) {
    const flags = given.map((name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
    throw new CoppiceError(
      "E_ARG",
      `--poison: expected no other data set or split beside it, got ${flags.join(", ")}`,
      {
        hint: "the poison is of one data set and split: leave them out, or poison the data again with them",
      },
    );
  }
  const { mode, validationFraction } = poison.split;
  const { name, ...records } = data;
  const some = Object.fromEntries(Object.entries(records).filter(([, value]) => value !== undefined));
  return { data: { name, ...some, allowUnverified: false, poison }, split: { mode, validationFraction } };
}
