import { join } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import { attacks } from "../../data/poison/index.ts";
import { datasetNamed, datasets } from "../../data/registry.ts";
import { poisonStage } from "../../stages/index.ts";
import { withContext } from "../context.ts";
import { integerOption, numberOption } from "../parse.ts";

const optionNames = [...new Set(attacks.flatMap(({ options }) => Object.keys(options)))];

/** `coppice poison`: the attacker's part, so that a cleanse can be tried and scored. Every attack's options are flags. */
export function poisonCommand(): Command {
  const command = new Command("poison")
    .description("describe how a data set is poisoned by a backdoor attack, for `coppice train --poison`")
    .requiredOption("--out <folder>", "folder for poison.json, poisoned.csv (the truth) and preview.png")
    .addOption(
      new Option("--attack <name>", "which attack").choices(attacks.map(({ name }) => name)).default("badnets"),
    )
    .option("--target <class>", "class that the trigger stands for, by number or name", "0")
    .option("--ratio <share>", "share of the training images that is poisoned", numberOption, 0.1)
    .option("--data <name>", `data set: ${datasets.map(({ name }) => name).join(", ")}`, "fashion-mnist")
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
    .option("--validation <fraction>", "share of every class that is held out and stays clean", numberOption, 0.1)
    .option("--seed <n>", "of all draws", integerOption, 1)
    .option("--force", "replace an earlier poison in the folder")
    .option("--json", "print the record");
  for (const name of optionNames) command.addOption(attackFlag(name));
  command.addHelpText(
    "after",
    "\nExample:\n  coppice poison --data fashion-mnist --attack badnets --ratio 0.1 --out runs/poison\n" +
      "  coppice train --poison runs/poison --arch resnet20s --epochs 20 --out runs/trojaned",
  );
  command.action(async (options) => {
    datasetNamed(options.data);
    const given = options as unknown as Record<string, number | undefined>;
    const { seed } = options;
    const config = {
      data: {
        name: options.data,
        allowUnverified: options.allowUnverified === true,
        ...(options.dataFolder === undefined ? {} : { folder: options.dataFolder }),
        ...(options.classes === undefined ? {} : { classes: options.classes }),
        ...(options.resolution === undefined ? {} : { resolution: options.resolution }),
        ...(options.numTrain === undefined ? {} : { numTrain: options.numTrain }),
        ...(options.numTest === undefined ? {} : { numTest: options.numTest }),
      },
      request: {
        attack: options.attack,
        options: Object.fromEntries(
          optionNames.flatMap((name) => {
            const value = given[name];
            return value === undefined ? [] : [[name, value]];
          }),
        ),
        target: options.target,
        ratio: options.ratio,
        seed,
        split: { mode: options.split, validationFraction: options.validation, seed },
      },
    };
    await withContext({ force: options.force }, async (context) => {
      const record = await poisonStage(config, options.out, context);
      if (options.json === true) return console.log(JSON.stringify(record, null, 2));
      const { poisoned, train, ofTarget, decoys } = record.counts;
      const others = decoys === 0 ? "" : `, ${decoys} changed with their label kept`;
      console.log(`${poisoned} of ${train} training images poisoned, ${ofTarget} of the target class before${others}`);
      console.log(`  what they look like: ${join(options.out, "preview.png")}`);
      console.log(`  next: coppice train --poison ${options.out} --out RUN`);
    });
  });
  return command as unknown as Command;
}

function attackFlag(name: string): Option {
  const users = attacks.filter(({ options }) => name in options);
  const [description] = users.map(({ options }) => options[name]?.description);
  const defaults = users.map((attack) => `${attack.name} ${attack.options[name]?.default}`).join(", ");
  return new Option(`--${name} <value>`, `${description} (default: ${defaults})`).argParser(
    numberOption,
  ) as unknown as Option;
}
