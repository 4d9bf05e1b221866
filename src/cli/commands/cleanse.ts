import { join } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import { detectors } from "../../detect/index.ts";
import {
  cleanseStage,
  detectStage,
  type ForgetConfig,
  prepareCleanse,
  RunFolder,
  type Suspects,
} from "../../stages/index.ts";
import { type CleanseComparisonSpec, runCleanseComparison } from "../../experiments/index.ts";
import { recipeOf } from "../../stages/parent.ts";
import { parseCleanseRecord } from "../../record/index.ts";
import {
  cleanseComparisonVerdict,
  cleanseVerdict,
  renderCleanseReport,
  renderCleanseComparisonCsv,
  renderCleanseComparisonReport,
  renderCleanseComparisonTable,
  type Verdict,
} from "../../report/index.ts";
import { methodNamed, methods, methodsWithoutRecords, type OptionValues } from "../../unlearn/index.ts";
import { CoppiceError } from "../../util/errors.ts";
import { readText, writeFileAtomic } from "../../util/files.ts";
import { type CliContext, withContext } from "../context.ts";
import { detectorFlags } from "../detector-flags.ts";
import { statusLine } from "../jobs-status.ts";
import { givenOptions, methodFlags } from "../method-flags.ts";
import { engineOption, integerOption, numbersOption, precisionOption } from "../parse.ts";
import { printCleanse, printCleanseComparison } from "../print-cleanse.ts";
import { printDetected } from "../print-detected.ts";
import { printRun } from "../print-run.ts";
import { suspectsOf, unreadNotes } from "../suspect-flags.ts";

/** `coppice cleanse`: forgetting suspected records, and what that does to a backdoor. Every method's and detector's options are flags. */
export function cleanseCommand(): Command {
  const command = new Command("cleanse")
    .description(
      "unlearn records suspected of carrying a backdoor, or mend the model without knowing any, and measure what is left of it",
    )
    .requiredOption("--model <run>", "run folder of the model")
    .requiredOption("--out <folder>", "run folder to write")
    .option(
      "--suspects <file>",
      `CSV with a column id, or JSON: the suspected training records. ${methodsWithoutRecords().join(", ")} need none`,
    )
    .addOption(
      new Option(
        "--detect <name>",
        "look for suspects first, and write them to OUT.suspects.csv, or with several cleanses to OUT/suspects.csv",
      )
        .choices(detectors.map(({ name }) => name))
        .conflicts("suspects"),
    )
    .option("--method <names...>", `unlearning methods: ${methods.map(({ name }) => name).join(", ")}`, ["l1-sparse"])
    .option(
      "--sparsities <list>",
      "also from the model pruned once by magnitude to these shares; 0 is the model as it is. With several cleanses the folder holds a run of each, and run again it goes on where it was",
      numbersOption,
    )
    .option("--batch-size <n>", "images per step (default: the original's)", integerOption)
    .option("--data-folder <folder>", "where the data are, if no longer where they were")
    .option("--allow-unverified", "use files whose checksums are not the published ones")
    .option("--seed <n>", "everything random follows from it (default: the model's)", integerOption)
    .option("--engine <name>", "how a pruned model is computed: sparse, dense or auto", engineOption, "auto" as const)
    .option(
      "--precision <name>",
      "of activations on the sparse engine: float32 or bf16",
      precisionOption,
      "float32" as const,
    )
    .option("--device <name>", "cpu or cuda", "cpu")
    .option("--force", "replace an earlier run in the folder")
    .option("--json", "print the record, as it is written to cleanse.json");
  for (const flag of [...detectorFlags("detect"), ...methodFlags()]) command.addOption(flag);
  command.addHelpText(
    "after",
    "\nExamples:\n  coppice cleanse --model runs/trojaned --suspects suspects.csv --method l1-sparse --out runs/cleansed\n" +
      "  coppice cleanse --model runs/trojaned --detect strip --detect-false-alarms 0.02 --out runs/cleansed\n" +
      "  coppice cleanse --model runs/trojaned --suspects suspects.csv --sparsities 0,0.9,0.95 --method finetune l1-sparse --out runs/cleanses",
  );
  command.action(async (options) => {
    const record = RunFolder.open(options.model).requireFinished();
    const { model, engine, precision, device, sparsities, out } = options;
    const shared = {
      model,
      data: {
        allowUnverified: options.allowUnverified === true,
        ...(options.dataFolder === undefined ? {} : { folder: options.dataFolder }),
      },
      seed: options.seed ?? record.seed,
      device,
    };
    const config = { ...shared, batchSize: options.batchSize ?? recipeOf(record).batchSize, engine, precision };
    const ways = waysOf(options.method, givenOptions(options));
    const names = ways.map(({ method }) => method);
    const suspects = suspectsOf(options, names);
    const [way] = ways;
    const isSingle = sparsities === undefined && ways.length === 1 && way !== undefined;
    if (!isSingle && options.force === true) throw notForced(out);
    const how = isSingle ? `coppice resume ${out}` : `coppice ${process.argv.slice(2).join(" ")}`;
    await withContext({ force: options.force, how }, async (context) => {
      for (const note of unreadNotes(options, names)) context.log(note);
      const output = { out, json: options.json === true, context };
      if (isSingle) await cleanseOnce({ ...config, ...way }, suspects, output);
      else await compareCleanses({ config, suspects, sparsities: sparsities ?? [0], methods: ways }, output);
    });
  });
  return command as unknown as Command;
}

interface Output {
  readonly out: string;
  readonly json: boolean;
  readonly context: CliContext;
}

async function cleanseOnce(
  config: Omit<ForgetConfig, "request">,
  suspects: Suspects,
  { out, json, context }: Output,
): Promise<void> {
  RunFolder.checkFree(out, context.force === true);
  const request =
    suspects.kind === "detect" ? await detect(config, suspects, { out, json, context }) : { request: suspects };
  const { run, cleanse } = await cleanseStage({ ...config, ...request }, out, context);
  const report = RunFolder.open(out).file("report");
  writeFileAtomic(report, await renderCleanseReport(cleanse));
  context.progress.end();
  if (json) return console.log(JSON.stringify(cleanse, null, 2));
  printRun(run, out, false);
  printCleanse(cleanse);
  printVerdict(cleanseVerdict(cleanse), cleanse.notes, report);
}

/** Writes the list, once nothing else can be refused, beside the run, whose folder is made when the suspects are known. */
async function detect(
  config: Omit<ForgetConfig, "request">,
  suspects: Extract<Suspects, { readonly kind: "detect" }>,
  { out, json, context }: Output,
): Promise<Pick<ForgetConfig, "request" | "cleanse">> {
  await prepareCleanse(config, suspects, context);
  const { model, data, seed, device } = config;
  const { detector, options } = suspects;
  const file = `${out.replace(/\/+$/, "")}.suspects.csv`;
  const found = await detectStage({ model, data, seed, device, detector, options }, file, context);
  if (!json) printDetected(found, file);
  return { request: { kind: "ids", file }, cleanse: { detector } };
}

async function compareCleanses(spec: CleanseComparisonSpec, { out, json, context }: Output): Promise<void> {
  const record = await runCleanseComparison(spec, out, { ...context, onStatus: statusLine(context) });
  writeFileAtomic(join(out, "scores.md"), renderCleanseComparisonTable(record));
  writeFileAtomic(join(out, "scores.csv"), renderCleanseComparisonCsv(record));
  for (const { run } of record.cleanses) {
    const folder = RunFolder.open(join(out, run.path));
    const cleanse = parseCleanseRecord(readText(folder.file("cleanse"), "E_CHECKPOINT"), folder.file("cleanse"));
    writeFileAtomic(folder.file("report"), await renderCleanseReport(cleanse));
  }
  const report = join(out, "report.html");
  writeFileAtomic(report, await renderCleanseComparisonReport(record));
  context.progress.end();
  if (json) return console.log(JSON.stringify(record, null, 2));
  printCleanseComparison(record);
  printVerdict(cleanseComparisonVerdict(record), record.notes, report);
}

function printVerdict({ headline, sentences }: Verdict, notes: readonly string[], report: string): void {
  console.log(`\n${[headline, ...sentences].join(" ")}`);
  for (const note of notes) console.log(`note: ${note}`);
  console.log(`report: ${report}`);
}

/** Each method with those of the given options that it has; an option that none of several has is left with the first, which refuses it. */
function waysOf(names: readonly string[], options: OptionValues): CleanseComparisonSpec["methods"] {
  if (names.length === 1) return names.map((method) => ({ method, options }));
  const all = names.map((name) => methodNamed(name));
  return all.map(({ name, options: own }, i) => {
    const given = Object.entries(options).filter(
      ([option]) => option in own || (i === 0 && all.every(({ options: others }) => !(option in others))),
    );
    return { method: name, options: Object.fromEntries(given) as OptionValues };
  });
}

function notForced(out: string): CoppiceError {
  return new CoppiceError("E_ARG", `--force: expected a single cleanse, got several in ${out}`, {
    hint: "leave it out, what is there is taken up; or choose another folder with --out",
  });
}
