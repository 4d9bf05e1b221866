/** The unlearning methods of `coppice transfer` with their options, as its flags say. */
import type { TransferSpec } from "../experiments/index.ts";
import { methodNamed, type OptionValue, type OptionValues } from "../unlearn/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { shown } from "../util/shown.ts";

type Methods = TransferSpec["methods"];

export interface TransferMethodOptions {
  readonly method?: readonly string[] | undefined;
  /** Settings as `epochs=5` or `l1-sparse.gamma=1e-3`. */
  readonly forget?: readonly string[] | undefined;
  readonly retrain: boolean;
}

/**
 * @param base what holds where no flag says otherwise
 * @throws CoppiceError E_ARG for an unknown method, or a setting that is no option of one of them
 */
export function transferMethods(
  { method, forget = [], retrain }: TransferMethodOptions,
  base: Pick<TransferSpec, "methods">,
): Methods {
  const known = new Map(base.methods.map((row) => [row.method, row.options]));
  const asked = method ?? [...known.keys()];
  const names = [...new Set(retrain ? [...asked, "retrain"] : asked.filter((name) => name !== "retrain"))];
  const rows: Methods = names.map((name) => ({ method: methodNamed(name).name, options: known.get(name) ?? {} }));
  return forget.reduce(withSetting, rows);
}

/** `epochs=5` is for every method that has it but Retrain, `l1-sparse.gamma=1e-3` for one. */
function withSetting(rows: Methods, setting: string): Methods {
  const [, only, name = "", value = ""] = /^(?:([\w-]+)\.)?(\w+)=(.+)$/.exec(setting) ?? [];
  const takes = (method: string): boolean =>
    (only === undefined ? method !== "retrain" : method === only) && name in methodNamed(method).options;
  if (!rows.some(({ method }) => takes(method))) {
    const expected = "an option of one of the methods, as epochs=5 or l1-sparse.gamma=1e-3";
    throw new CoppiceError("E_ARG", `--forget: expected ${expected}, got ${shown(setting)}`, {
      hint: "`coppice methods NAME` lists the options of a method",
    });
  }
  const parsed: OptionValue = Number.isNaN(Number(value)) ? value : Number(value);
  return rows.map(({ method, options }) => ({
    method,
    options: takes(method) ? ({ ...options, [name]: parsed } as OptionValues) : options,
  }));
}
