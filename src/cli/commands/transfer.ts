import { join } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import { datasets } from "../../data/registry.ts";
import { runTransfer, type TransferSpec } from "../../experiments/index.ts";
import { quickTransfer } from "../../recipes/index.ts";
import { rankings } from "../../record/index.ts";
import { renderTransferReport, renderTransferTable } from "../../report/index.ts";
import { optimizerNames, probes, RunFolder, scheduleNames, transferRecipe } from "../../stages/index.ts";
import { CoppiceError } from "../../util/errors.ts";
import { writeFileAtomic } from "../../util/files.ts";
import { defined } from "../../util/defined.ts";
import { type CliContext, sameCommand, withContext } from "../context.ts";
import { droppedClasses } from "../dropped-classes.ts";
import { allowUnverified, device, headings, json } from "../flags.ts";
import { statusLine } from "../jobs-status.ts";
import { integerOption, numberOption, numbersOption } from "../parse.ts";
import { transferMethods } from "../transfer-methods.ts";
import { print, printJson } from "../output.ts";

const defaultMethods = ["l1-sparse", "finetune", "retrain"];
const quickSeeds = 3;

/** `coppice transfer`: does removing source classes help a target? */
export function transferCommand(): Command {
  const command = declare();
  command.action(async (options) => {
    const spec = transferSpec(options);
    await withContext({ how: sameCommand() }, async (context) => {
      await transfer(spec, { out: options.out, json: options.json === true, context });
    });
  });
  return command as unknown as Command;
}

const declare = () =>
  new Command("transfer")
    .summary("does removing source classes help transfer learning?")
    .description(
      "Remove source classes by unlearning, transfer the model to other data, and measure whether removing them helped. Defaults of the training on the target are the paper's.",
    )
    .optionsGroup("Source and target:")
    .option("--source <run>", "run folder of the source model")
    .option("--target <name>", `data set to transfer to: ${datasets.map(({ name }) => name).join(", ")}`)
    .option("--quick", "instead of both: five classes of CIFAR-10 to the other five, at a scale for two cores")
    .option("--target-folder <folder>", "folder of the target data set")
    .option("--target-classes <names...>", "use only these classes of the target")
    .option(
      "--resolution <n>",
      "image height and width in pixels, of --target folder (default: the source's)",
      integerOption,
    )
    .option("--target-train <n>", "use only the first n training images of the target", integerOption)
    .option("--target-test <n>", "use only the first n test images of the target", integerOption)
    .optionsGroup("Which source classes are removed:")
    .option(
      "--drop-classes <names...>",
      "these, in this order, separated by spaces or commas; or auto: the class of lowest value first",
    )
    .option(
      "--drop-classes-file <file>",
      "the same from a file with one class a line, for long lists and names with commas",
    )
    .addOption(new Option("--rank <kind>", "what a class's value is, for auto (default: counts)").choices(rankings))
    .option(
      "--counts <list>",
      "numbers of classes to remove, by commas (default: 0 to 3; with --drop-classes none and all of them)",
      numbersOption,
    )
    .optionsGroup("How they are removed:")
    .option(
      "--method <names...>",
      `unlearning methods; Retrain is added to them (default: ${defaultMethods.join(" ")})`,
    )
    .option("--forget <settings...>", "options of the methods but retrain, as epochs=5 or l1-sparse.gamma=1e-3")
    .option("--no-retrain", "leave Retrain out, and with it the gap to it")
    .optionsGroup("Training on the target:")
    .addOption(new Option("--probe <kind>", "train a new last layer, or all layers (default: linear)").choices(probes))
    .option(
      "--epochs <n>",
      `passes over the target's training images (default: ${transferRecipe.epochs})`,
      integerOption,
    )
    .option("--batch-size <n>", `images per step (default: ${transferRecipe.batchSize})`, integerOption)
    .addOption(
      new Option("--optimizer <name>", `optimiser (default: ${transferRecipe.optimizer})`).choices(optimizerNames),
    )
    .option("--lr <rate>", `learning rate (default: ${transferRecipe.lr})`, numberOption)
    .option("--weight-decay <value>", `weight decay (default: ${transferRecipe.weightDecay})`, numberOption)
    .addOption(
      new Option("--schedule <name>", `learning rate schedule (default: ${transferRecipe.schedule})`).choices(
        scheduleNames,
      ),
    )
    .option("--augment", "crop and flip the target's images; with --probe full")
    .option("--seeds <n>", `number of seeds, 1 to n (default: 1, with --quick ${quickSeeds})`, integerOption)
    .optionsGroup(headings.data)
    .option("--data-folder <folder>", "folder of the source's data set")
    .addOption(allowUnverified)
    .optionsGroup(headings.where)
    .addOption(device)
    .optionsGroup(headings.output)
    .requiredOption("--out <folder>", "folder for runs, table and report; run again, the experiment continues")
    .addOption(json)
    .addHelpText(
      "after",
      `
Examples:
  coppice transfer --source runs/original --target fashion-mnist --out runs/transfer
  coppice transfer --source runs/imagenet --target folder --target-folder pets --drop-classes auto --counts 0,100,200,300 --seeds 3 --out runs/pets
  coppice transfer --quick --out runs/transfer`,
    );

type Options = ReturnType<ReturnType<typeof declare>["opts"]>;

/** The whole experiment. @throws CoppiceError E_ARG when the options contradict each other or name what does not exist */
export function transferSpec(options: Options): TransferSpec {
  const base = baseSpec(options);
  const { targetFolder, targetClasses, resolution, targetTrain, targetTest, probe, device } = options;
  const { epochs, batchSize, optimizer, lr, weightDecay, schedule, augment, dataFolder, allowUnverified } = options;
  const files = { ...(allowUnverified && { allowUnverified }) };
  const sourceFiles = { ...files, ...defined({ folder: dataFolder }) };
  const target = {
    folder: targetFolder,
    classes: targetClasses,
    resolution,
    numTrain: targetTrain,
    numTest: targetTest,
  };
  return {
    ...base,
    source: withFiles(base.source, sourceFiles, device),
    sourceData: { ...base.sourceData, ...sourceFiles },
    target: {
      ...base.target,
      ...files,
      ...defined(target),
      ...("train" in base.source && targetFolder === undefined ? defined({ folder: dataFolder }) : {}),
    },
    ...droppedClasses(options, base),
    methods: transferMethods(options, base),
    ...defined({ probe }),
    recipe: { ...base.recipe, ...defined({ epochs, batchSize, optimizer, lr, weightDecay, schedule, augment }) },
    device,
  };
}

/** @throws CoppiceError E_ARG unless there is either a source with a target, or --quick */
function baseSpec({ source, target, quick, seeds }: Options): TransferSpec {
  if (quick === true && source === undefined && target === undefined) return quickTransfer(seeds ?? quickSeeds);
  if (quick === undefined && source !== undefined && target !== undefined) return specOfRun(source, target, seeds ?? 1);
  const got = Object.keys(defined({ "--source": source, "--target": target, "--quick": quick })).join(" and ");
  throw new CoppiceError(
    "E_ARG",
    `what to transfer: expected --source and --target, or --quick, got ${got === "" ? "neither" : got}`,
  );
}

function specOfRun(run: string, target: string, seeds: number): TransferSpec {
  const { data, model } = RunFolder.open(run).requireFinished();
  const spare = Math.min(3, Math.max(0, data.classNames.length - 2));
  return {
    name: `${data.name} to ${target}, source classes removed`,
    source: { run },
    sourceData: { allowUnverified: false },
    target: { name: target, allowUnverified: false, ...(target === "folder" ? { resolution: model.imageSize } : {}) },
    drop: "counts",
    counts: Array.from({ length: spare + 1 }, (_, i) => i),
    methods: defaultMethods.map((method) => ({ method, options: {} })),
    probe: "linear",
    recipe: transferRecipe,
    seeds: Array.from({ length: seeds }, (_, i) => i + 1),
    device: "cpu",
    notes: [
      "The source is one run: intervals are over seeds of forgetting and of the new last layer, not over sources.",
    ],
  };
}

/** A source that is to be trained reads its data from there. */
function withFiles(source: TransferSpec["source"], files: object, device: string): TransferSpec["source"] {
  if ("run" in source) return source;
  return { train: { ...source.train, device, data: { ...source.train.data, ...files } } };
}

async function transfer(
  spec: TransferSpec,
  { out, json, context }: { readonly out: string; readonly json: boolean; readonly context: CliContext },
): Promise<void> {
  const record = await runTransfer(spec, out, { ...context, onStatus: statusLine(context) });
  const table = renderTransferTable(record);
  const report = join(out, "report.html");
  writeFileAtomic(join(out, "table.md"), table);
  writeFileAtomic(report, await renderTransferReport(record));
  context.progress.end();
  if (json) printJson(record);
  else print(`${table}\nreport: ${report}`);
}
