import { join } from "node:path";
import type { Command } from "@commander-js/extra-typings";
import { Option } from "@commander-js/extra-typings";
import { attacks } from "../../data/poison/index.ts";
import { datasetNamed, datasets } from "../../data/registry.ts";
import { type PoisonConfig, poisonDefaults, type PoisonRecord } from "../../record/index.ts";
import { poisonStage } from "../../stages/index.ts";
import { defined } from "../../util/defined.ts";
import { ChoiceCommand } from "../choice-command.ts";
import { choosableList, givenOptions } from "../choice.ts";
import { attackChoice } from "../choices.ts";
import { withContext } from "../context.ts";
import { allowUnverified, dataFlags, headings, json, seed } from "../flags.ts";
import { numberOption } from "../parse.ts";
import { print, printJson } from "../output.ts";

/** `coppice poison`: the attacker's part, so that a cleanse can be tried and scored. Every attack's options are flags. */
export function poisonCommand(): Command {
  const command = declare();
  command.action(async (options) => {
    const config = poisonConfig(options);
    await withContext({ force: options.force }, async (context) => {
      const record = await poisonStage(config, options.out, context);
      if (options.json === true) printJson(record);
      else printPoison(record, options.out);
    });
  });
  return command as unknown as Command;
}

const declare = () =>
  new ChoiceCommand("poison", attackChoice)
    .summary("describe a backdoor attack on a data set, for train --poison")
    .description("Describe how a backdoor attack poisons a data set, for `coppice train --poison`.")
    .optionsGroup("Attack:")
    .addOption(
      new Option("--attack <name>", "backdoor attack")
        .choices(attacks.map(({ name }) => name))
        .default(poisonDefaults.request.attack),
    )
    .option(
      "--target <class>",
      "class that images with the trigger are to be given, by number or name",
      poisonDefaults.request.target,
    )
    .option(
      "--ratio <fraction>",
      "fraction of the training images to poison",
      numberOption,
      poisonDefaults.request.ratio,
    )
    .addOption(seed)
    .optionsGroup(headings.data)
    .option("--data <name>", `data set: ${datasets.map(({ name }) => name).join(", ")}`, poisonDefaults.data.name)
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
      "fraction of every class that is held out and stays clean",
      numberOption,
      poisonDefaults.request.split.validationFraction,
    )
    .optionsGroup(headings.output)
    .requiredOption("--out <folder>", "folder for poison.json, poisoned.csv (the poisoned ids) and preview.png")
    .option("--force", "replace earlier files in the folder")
    .addOption(json)
    .addHelpText(
      "after",
      `
Attacks (\`coppice poison --attack wanet --help\` shows the options of wanet):
${choosableList(attackChoice.all())}

Example:
  coppice poison --data fashion-mnist --attack badnets --ratio 0.1 --out runs/poison
  coppice train --poison runs/poison --arch resnet20s --epochs 20 --out runs/trojaned`,
    );

type Options = ReturnType<ReturnType<typeof declare>["opts"]>;

/** What is poisoned, and how. @throws CoppiceError E_ARG for an unknown data set */
export function poisonConfig(options: Options): PoisonConfig {
  datasetNamed(options.data);
  const { dataFolder: folder, classes, resolution, applyOrientation, numTrain, numTest, seed } = options;
  return {
    data: {
      name: options.data,
      allowUnverified: options.allowUnverified === true,
      ...defined({ folder, classes, resolution, applyOrientation, numTrain, numTest }),
    },
    request: {
      attack: options.attack,
      options: givenOptions(attackChoice, options) as PoisonConfig["request"]["options"],
      target: options.target,
      ratio: options.ratio,
      seed,
      split: { mode: options.split, validationFraction: options.validation, seed },
    },
  };
}

function printPoison({ counts }: PoisonRecord, out: string): void {
  const { poisoned, train, ofTarget, decoys } = counts;
  const others = decoys === 0 ? "" : `; ${decoys} more are changed and keep their label`;
  print(
    `${poisoned} of ${train} training images are poisoned, ${ofTarget} of them were of the target class before${others}`,
  );
  print(`  what they look like: ${join(out, "preview.png")}`);
  print(`  next: coppice train --poison ${out} --out RUN`);
}
