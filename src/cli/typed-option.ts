/** Errors of stages name settings, `numTrain: expected …`; who typed a command knows its flags. */
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { defined } from "../util/defined.ts";
import { CoppiceError } from "../util/errors.ts";

/** Settings that are called otherwise than their flags. */
const otherNames: Readonly<Record<string, string>> = { validationFraction: "validation", classNames: "classes" };

/** A setting at the beginning of a message, also of a method or an attack: `finetune lr: expected …`. */
const settingFirst = /^((?:[\w-]+ )?)([a-z][a-zA-Z]*)(?=: expected )/;

/** `error` with the flag in the place of the setting, where the user has typed that flag of `command`; else `error` itself. */
export function withTypedOption(error: unknown, command: CommandUnknownOpts | undefined): unknown {
  if (!(error instanceof CoppiceError) || command === undefined) return error;
  const [, owner = "", setting = ""] = settingFirst.exec(error.message) ?? [];
  const name = otherNames[setting] ?? setting;
  const flag = command.options.find((option) => option.attributeName() === name)?.long;
  if (typeof flag !== "string" || command.getOptionValueSource(name) !== "cli") return error;
  const message = error.message.replace(settingFirst, `${owner}${flag}`);
  const { code, hint, stack } = error;
  const typed = new CoppiceError(code, message, defined({ hint, cause: error.cause }));
  return stack === undefined ? typed : Object.assign(typed, { stack });
}
