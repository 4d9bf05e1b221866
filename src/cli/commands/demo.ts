import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { datasetNamed } from "../../data/registry.ts";
import { Experiment } from "../../experiments/index.ts";
import { demo } from "../../recipes/index.ts";
import type { ExperimentRecord } from "../../record/index.ts";
import { experimentSummary, renderOverview } from "../../report/index.ts";
import { CoppiceError } from "../../util/errors.ts";
import { makeFolder } from "../../util/files.ts";
import { checkFailures } from "../check-failures.ts";
import { withContext } from "../context.ts";
import { statusLine } from "../jobs-status.ts";
import { writeExperiment } from "../write-experiment.ts";
import { print, printJson } from "../output.ts";

/** Folder of the stages, in that of the demo. */
const JOBS = "jobs";

/** `coppice demo`: the main job on images that are there, in a few minutes. */
export function demoCommand(): Command {
  const command = new Command("demo")
    .summary("the whole job on real images, in a few minutes")
    .description("Train, prune, forget, evaluate and report on real images, in a few minutes.")
    .option("--out <folder>", "folder for everything it makes", "runs/demo")
    .option("--data <name>", "fashion-mnist or embedded (default: fashion-mnist where it is installed)")
    .option("--json", "print the record")
    .addHelpText("after", "\nExample:\n  coppice demo --out runs/demo");
  command.action(async (options) => {
    const { out } = options;
    const installed = datasetNamed("fashion-mnist").find();
    const data = options.data ?? (installed === undefined ? "embedded" : "fashion-mnist");
    if (data !== "fashion-mnist" && data !== "embedded") {
      throw new CoppiceError("E_ARG", `--data: expected fashion-mnist or embedded, got ${data}`);
    }
    checkFolder(out);
    await withContext({ how: "the same command again" }, async (context) => {
      const why =
        installed === undefined ? "the package dataset-fashion-mnist is not installed" : `found at ${installed}`;
      context.log(options.data === undefined ? `Data: ${data}, because ${why}.` : `Data: ${data}, as asked for.`);
      for (const line of introduction) context.log(line);
      const experiment = new Experiment(demo(data), { store: join(out, JOBS), onStatus: statusLine(context) });
      makeFolder(out);
      const record = await experiment.run(context);
      await writeExperiment(record, out);
      context.progress.end();
      if (options.json === true) printJson(record);
      else printDemo(record, out);
      checkFailures("demo", record.failures);
    });
  });
  return command as unknown as Command;
}

const introduction = [
  "1. An original is trained, and a second one pruned to 95 % by magnitude and trained again under the mask.",
  "2. Two requests: forget a whole class, and forget a random tenth of the images.",
  "3. Retrain, without the forget images, shows what exact unlearning would give; FT and l1-sparse try to come close at less cost.",
  "4. UA, RA, TA and membership attacks (MIA) are measured on every model; what counts is the gap to Retrain.",
];

/** @throws CoppiceError E_CONFIG for a folder that is neither new nor one of this demo */
function checkFolder(out: string): void {
  const there = existsSync(out) ? readdirSync(out) : [];
  if (there.length === 0 || existsSync(join(out, JOBS, "done"))) return;
  const got = there.includes("suite.json") ? "one of the demo of an older version" : "another one";
  throw new CoppiceError("E_CONFIG", `${out}: expected a new folder or one of an earlier demo, got ${got}`, {
    hint: "choose another folder with --out",
  });
}

function printDemo(record: ExperimentRecord, out: string): void {
  print(renderOverview(record));
  const summary = experimentSummary(record);
  if (summary !== undefined) print([summary.headline, ...summary.sentences].join("\n"));
  print(`\nreport: ${join(out, "report.html")}`);
}
