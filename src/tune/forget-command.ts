/** The command line that forgets with the options that a search found. */
import type { ForgetRequest, ListRequest } from "../record/forget-request.ts";
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
    ...(config.withCopies === true ? ["--with-copies"] : []),
    ...(config.withMissing === true ? ["--with-missing"] : []),
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
      return ["--class", ...request.classes.map(String), ...(request.alsoTest === true ? ["--also-test"] : [])];
    case "random":
      return "count" in request ? ["--count", String(request.count)] : ["--random", String(request.fraction)];
    case "ids":
    case "indices":
      return listFlags(request);
  }
}

/** In place of what a record does not keep. */
const NOT_KEPT = "…";

function listFlags(request: ListRequest): string[] {
  const { match = [] } = request.kind === "ids" ? request : {};
  const idColumn = "idColumn" in request ? request.idColumn : undefined;
  const where = "where" in request ? Object.keys(request.where ?? {}) : [];
  return [
    ...[`--${request.kind}`, "file" in request ? request.file : NOT_KEPT],
    ...(idColumn === undefined ? [] : ["--id-column", idColumn]),
    ...where.flatMap((column) => ["--where", `${column}=${NOT_KEPT}`]),
    ...(match.length === 0 ? [] : ["--match", match.join(",")]),
    ...(request.skipUntrained === true ? ["--skip-untrained"] : []),
    ...(request.alsoTest === true ? ["--also-test"] : []),
  ];
}
