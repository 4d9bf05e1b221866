import { join } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import { datasets } from "../../data/registry.ts";
import { optimizerNames, probes, RunFolder, scheduleNames, transferRecipe } from "../../stages/index.ts";
import { runTransfer, type TransferSpec } from "../../experiments/index.ts";
import { quickTransfer } from "../../recipes/index.ts";
import { rankings } from "../../record/index.ts";
import { renderTransferReport, renderTransferTable } from "../../report/index.ts";
import { methodNamed, type OptionValue, type OptionValues } from "../../unlearn/index.ts";
import { CoppiceError } from "../../util/errors.ts";
import { readText, writeFileAtomic } from "../../util/files.ts";
import { withContext } from "../context.ts";
import { statusLine } from "../jobs-status.ts";
import { integerOption, numberOption, numbersOption } from "../parse.ts";

const defaultMethods = ["l1-sparse", "finetune", "retrain"];
const quickSeeds = 3;

/** `coppice transfer`: does removing source classes help a target? */
export function transferCommand(): Command {
  const command = new Command("transfer")
    .description(
      "remove source classes by unlearning, transfer what is left to other data, and measure whether it helped",
    )
    .requiredOption("--out <folder>", "folder for runs, table and report; run again, it goes on where it was")
    .option("--source <run>", "run folder of the source model")
    .option("--target <name>", `data set to transfer to: ${datasets.map(({ name }) => name).join(", ")}`)
    .option("--quick", "instead of both: the recipe for two cores, five classes of CIFAR-10 to the other five")
    .option("--target-folder <folder>", "where the target is")
    .option("--target-classes <names...>", "only these classes of the target")
    .option("--resolution <n>", "of a target that is an image folder (default: the source's)", integerOption)
    .option("--target-train <n>", "use only the first n training images of the target", integerOption)
    .option("--target-test <n>", "use only the first n test images of the target", integerOption)
    .option(
      "--drop-classes <names...>",
      "source classes in the order they go, apart or with commas, or auto: those of the lowest value first",
    )
    .option(
      "--drop-classes-file <file>",
      "the same from a file, one class a line: for names with commas, and long lists",
    )
    .addOption(new Option("--rank <kind>", "what auto goes by (default: counts)").choices(rankings))
    .option("--counts <list>", "how many classes are removed (default: 0 to 3; of a list none and all)", numbersOption)
    .option("--method <names...>", `what removes them, Retrain always beside it (default: ${defaultMethods.join(" ")})`)
    .option("--forget <settings...>", "options of the methods other than retrain, as epochs=5 or l1-sparse.gamma=1e-3")
    .option("--no-retrain", "leave Retrain out, and with it the gap to it")
    .addOption(new Option("--probe <kind>", "what is trained on the target (default: linear)").choices(probes))
    .option("--epochs <n>", `on the target (default: ${transferRecipe.epochs})`, integerOption)
    .option("--batch-size <n>", `on the target (default: ${transferRecipe.batchSize})`, integerOption)
    .addOption(new Option("--optimizer <name>", `(default: ${transferRecipe.optimizer})`).choices(optimizerNames))
    .option("--lr <rate>", `learning rate (default: ${transferRecipe.lr})`, numberOption)
    .option("--weight-decay <value>", `weight decay (default: ${transferRecipe.weightDecay})`, numberOption)
    .addOption(new Option("--schedule <name>", `(default: ${transferRecipe.schedule})`).choices(scheduleNames))
    .option("--augment", "crop and flip the target's images; with --probe full")
    .option("--seeds <n>", `from 1 on (default: 1, with --quick ${quickSeeds})`, integerOption)
    .option("--data-folder <folder>", "where the source's data are")
    .option("--allow-unverified", "use files whose checksums are not the published ones")
    .option("--device <name>", "cpu or cuda", "cpu")
    .option("--json", "print the record")
    .addHelpText("after", examples);
  command.action(async (options) => {
    const spec = adapted(baseOf(options), options);
    await withContext({ how: `coppice ${process.argv.slice(2).join(" ")}` }, async (context) => {
      const record = await runTransfer(spec, options.out, {
        ...context,
        onStatus: statusLine(context),
      });
      writeFileAtomic(join(options.out, "table.md"), renderTransferTable(record));
      writeFileAtomic(join(options.out, "report.html"), await renderTransferReport(record));
      context.progress.end();
      console.log(options.json === true ? JSON.stringify(record, null, 2) : renderTransferTable(record));
      if (options.json !== true) console.log(`report: ${join(options.out, "report.html")}`);
    });
  });
  return command as unknown as Command;
}

const examples = `
Defaults of the training on the target are the paper's.

Examples:
  coppice transfer --source runs/original --target fashion-mnist --out runs/transfer
  coppice transfer --source runs/imagenet --target folder --target-folder pets --drop-classes auto --counts 0,100,200,300 --seeds 3 --out runs/pets
  coppice transfer --quick --out runs/transfer`;

interface Options {
  readonly source?: string | undefined;
  readonly target?: string | undefined;
  readonly quick?: true | undefined;
  readonly targetFolder?: string | undefined;
  readonly targetClasses?: string[] | undefined;
  readonly resolution?: number | undefined;
  readonly targetTrain?: number | undefined;
  readonly targetTest?: number | undefined;
  readonly dropClasses?: string[] | undefined;
  readonly dropClassesFile?: string | undefined;
  readonly rank?: (typeof rankings)[number] | undefined;
  readonly counts?: number[] | undefined;
  readonly method?: string[] | undefined;
  readonly forget?: string[] | undefined;
  readonly retrain: boolean;
  readonly probe?: TransferSpec["probe"] | undefined;
  readonly epochs?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly optimizer?: (typeof optimizerNames)[number] | undefined;
  readonly lr?: number | undefined;
  readonly weightDecay?: number | undefined;
  readonly schedule?: (typeof scheduleNames)[number] | undefined;
  readonly augment?: true | undefined;
  readonly seeds?: number | undefined;
  readonly dataFolder?: string | undefined;
  readonly allowUnverified?: true | undefined;
  readonly device: string;
}

/** @throws CoppiceError E_ARG unless there is either a source with a target, or --quick */
function baseOf({ source, target, quick, seeds }: Options): TransferSpec {
  if (quick === true && source === undefined && target === undefined) return quickTransfer(seeds ?? quickSeeds);
  if (quick === undefined && source !== undefined && target !== undefined) return ofRun(source, target, seeds ?? 1);
  const given = Object.entries({ "--source": source, "--target": target, "--quick": quick });
  const got = given.flatMap(([name, value]) => (value === undefined ? [] : [name])).join(" and ") || "neither";
  throw new CoppiceError("E_ARG", `what to transfer: expected --source and --target, or --quick, got ${got}`);
}

function ofRun(run: string, target: string, seeds: number): TransferSpec {
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

/** What was given instead of what the specification has. */
function adapted(spec: TransferSpec, options: Options): TransferSpec {
  const { targetFolder, targetClasses, resolution, targetTrain, targetTest, probe, device } = options;
  const { epochs, batchSize, optimizer, lr, weightDecay, schedule, augment, dataFolder, allowUnverified } = options;
  const files = { ...(allowUnverified && { allowUnverified }) };
  const sourceFiles = { ...files, ...given({ folder: dataFolder }) };
  const { source } = spec;
  return {
    ...spec,
    source:
      "run" in source ? source : { train: { ...source.train, device, data: { ...source.train.data, ...sourceFiles } } },
    sourceData: { ...spec.sourceData, ...sourceFiles },
    target: {
      ...spec.target,
      ...files,
      ...given({
        folder: targetFolder,
        classes: targetClasses,
        resolution,
        numTrain: targetTrain,
        numTest: targetTest,
      }),
      ...("train" in source && targetFolder === undefined ? given({ folder: dataFolder }) : {}),
    },
    ...dropOf(spec, options),
    methods: methodsOf(spec, options),
    ...given({ probe }),
    recipe: { ...spec.recipe, ...given({ epochs, batchSize, optimizer, lr, weightDecay, schedule, augment }) },
    device,
  };
}

/** Without what was not given. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

function dropOf(spec: TransferSpec, options: Options): Pick<TransferSpec, "drop" | "counts"> {
  const { rank, counts } = options;
  const named = namedClasses(options);
  if (named === undefined) return { drop: rank ?? spec.drop, counts: counts ?? spec.counts };
  if (rank === undefined) return { drop: named, counts: counts ?? [0, named.length] };
  throw new CoppiceError("E_ARG", `--rank: expected --drop-classes auto beside it, got ${named.join(", ")}`, {
    hint: "classes that are named are removed in that order",
  });
}

/** Undefined for auto. @throws CoppiceError E_ARG for both a list and a file, or for none in them, E_DATA for a file that cannot be read */
function namedClasses({ dropClasses, dropClassesFile }: Options): string[] | undefined {
  if (dropClassesFile !== undefined && dropClasses !== undefined) {
    throw new CoppiceError(
      "E_ARG",
      "source classes to drop: expected --drop-classes or --drop-classes-file, got both",
      { hint: "put all classes into the file, in the order they go" },
    );
  }
  if (dropClassesFile !== undefined)
    return someNames(dropClassesFile, readText(dropClassesFile, "E_DATA").split(/\r?\n/));
  if (dropClasses === undefined || dropClasses.join() === "auto") return undefined;
  return someNames(
    "--drop-classes",
    dropClasses.flatMap((names) => names.split(",")),
  );
}

function someNames(where: string, texts: readonly string[]): string[] {
  const names = texts.map((text) => text.trim()).filter((name) => name !== "");
  if (names.length > 0) return names;
  throw new CoppiceError("E_ARG", `${where}: expected at least one source class, got none`, {
    hint: "`auto` takes the classes of the lowest value",
  });
}

function methodsOf(spec: TransferSpec, { method, forget = [], retrain }: Options): TransferSpec["methods"] {
  const known = new Map(spec.methods.map((row) => [row.method, row.options]));
  const asked = method ?? [...known.keys()];
  const names = [...new Set(retrain ? [...asked, "retrain"] : asked.filter((name) => name !== "retrain"))];
  const rows = names.map((name) => ({ method: methodNamed(name).name, options: known.get(name) ?? {} }));
  return forget.reduce((all, setting) => withSetting(all, setting), rows);
}

/** `epochs=5` for every method that has it but Retrain, `l1-sparse.gamma=1e-3` for one. @throws CoppiceError E_ARG when none has it */
function withSetting(rows: TransferSpec["methods"], setting: string): { method: string; options: OptionValues }[] {
  const [, only, name = "", value = ""] = /^(?:([\w-]+)\.)?(\w+)=(.+)$/.exec(setting) ?? [];
  const takes = (method: string): boolean =>
    (only === undefined ? method !== "retrain" : method === only) && name in methodNamed(method).options;
  if (!rows.some(({ method }) => takes(method))) {
    const expected = "an option of one of the methods, as epochs=5 or l1-sparse.gamma=1e-3";
    throw new CoppiceError("E_ARG", `--forget: expected ${expected}, got ${JSON.stringify(setting)}`, {
      hint: "`coppice methods` lists every option",
    });
  }
  const parsed: OptionValue = Number.isNaN(Number(value)) ? value : Number(value);
  return rows.map(({ method, options }) => ({
    method,
    options: takes(method) ? ({ ...options, [name]: parsed } as OptionValues) : options,
  }));
}
