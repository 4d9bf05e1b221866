/** The command line that forgets with the options that a search found. */
import type { ForgetRequest } from "../data/forget-set.ts";
import { optionFlag, type OptionValues } from "../unlearn/index.ts";
import type { TuneConfig } from "./config.ts";

/** Settings that are the command line's defaults are left out. @param out folder of the search; the run is written beside it */
export function forgetCommand(config: TuneConfig, options: OptionValues, out: string): string[] {
  const { model, request, forgetSeed, method, batchSize, seed, engine, precision, device, data } = config;
  const given = (flag: string, value: string | number | undefined, usual?: string): string[] =>
    value === undefined || value === usual ? [] : [flag, String(value)];
  return [
    ...["coppice", "forget", "--model", model, "--method", method, ...requestFlags(request)],
    ...given("--forget-seed", forgetSeed),
    ...Object.entries(options).flatMap(([name, value]) => [optionFlag(name), String(value)]),
    ...["--batch-size", String(batchSize), "--seed", String(seed)],
    ...[
      ...given("--engine", engine, "auto"),
      ...given("--precision", precision, "float32"),
      ...given("--device", device, "cpu"),
    ],
    ...given("--data-folder", data.folder),
    ...(data.allowUnverified ? ["--allow-unverified"] : []),
    ...["--out", `${out.replace(/\/+$/, "")}-forgotten`],
  ];
}

function requestFlags(request: ForgetRequest): string[] {
  switch (request.kind) {
    case "class":
      return ["--class", ...request.classes.map(String)];
    case "random":
      return "count" in request ? ["--count", String(request.count)] : ["--random", String(request.fraction)];
    case "ids":
      return ["--ids", request.file];
  }
}
