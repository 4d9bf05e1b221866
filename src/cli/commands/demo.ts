import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { datasetNamed } from "../../data/registry.ts";
import { runSuite } from "../../experiments/index.ts";
import { demo } from "../../recipes/index.ts";
import type { SuiteRecord } from "../../record/index.ts";
import { renderSuiteReport, renderSuiteTable, suiteVerdict } from "../../report/index.ts";
import { CoppiceError } from "../../util/errors.ts";
import { writeFileAtomic } from "../../util/files.ts";
import { withContext } from "../context.ts";

/** `coppice demo`: the main job on images that are there, in a few minutes. */
export function demoCommand(): Command {
  const command = new Command("demo")
    .summary("the whole job on real images, in a few minutes")
    .description("train, prune, forget, audit and report on real images, in a few minutes")
    .option("--out <folder>", "folder for everything it makes", "runs/demo")
    .option("--data <name>", "fashion-mnist or embedded (default: fashion-mnist where it is installed)")
    .option("--json", "print the suite's record")
    .addHelpText("after", "\nExample:\n  coppice demo --out runs/demo");
  command.action(async (options) => {
    const installed = datasetNamed("fashion-mnist").find();
    const data = options.data ?? (installed === undefined ? "embedded" : "fashion-mnist");
    if (data !== "fashion-mnist" && data !== "embedded") {
      throw new CoppiceError("E_ARG", `--data: expected fashion-mnist or embedded, got ${data}`);
    }
    const there = existsSync(options.out) ? readdirSync(options.out) : [];
    if (there.length > 0 && !there.includes("original")) {
      throw new CoppiceError(
        "E_CONFIG",
        `${options.out}: expected a new folder or one of an earlier demo, got another one`,
        {
          hint: "choose another folder with --out",
        },
      );
    }
    await withContext({ how: "the same command again" }, async (context) => {
      const why =
        installed === undefined ? "the package dataset-fashion-mnist is not installed" : `found at ${installed}`;
      context.log(options.data === undefined ? `Data: ${data}, because ${why}.` : `Data: ${data}, as asked for.`);
      for (const line of introduction) context.log(line);
      const suite = await runSuite(demo(data), options.out, context);
      context.progress.end();
      await writeSuite(suite, options.out);
      if (options.json === true) console.log(JSON.stringify(suite, null, 2));
      else printSuite(suite, options.out);
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

/** The table and the report of a suite, beside its record. */
async function writeSuite(suite: SuiteRecord, out: string): Promise<void> {
  writeFileAtomic(join(out, "table.md"), renderSuiteTable(suite, "markdown"));
  writeFileAtomic(join(out, "table.csv"), renderSuiteTable(suite, "csv"));
  writeFileAtomic(join(out, "report.html"), await renderSuiteReport(suite));
}

function printSuite(suite: SuiteRecord, out: string): void {
  console.log(renderSuiteTable(suite, "markdown"));
  const { headline, sentences } = suiteVerdict(suite);
  console.log([headline, ...sentences].join("\n"));
  console.log(`\nreport: ${join(out, "report.html")}`);
}
