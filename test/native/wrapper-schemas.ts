/** The schemas for which the committed wrappers were made. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const wrappersFile: string = fileURLToPath(new URL("../../src/torch/operators.generated.ts", import.meta.url));

export interface WrapperSchema {
  /** Of the TypeScript function. */
  readonly wrapper: string;
  /** `aten::add.Tensor`: the first of its overloads. */
  readonly operator: string;
  readonly schema: string;
}

export function wrapperSchemas(): WrapperSchema[] {
  const text = readFileSync(wrappersFile, "utf8");
  const found = text.matchAll(/^\/\*\* `((\w+::[\w.]+)\(.*)` \*\/\nexport function (\w+)/gm);
  return [...found].map(([, schema = "", operator = "", wrapper = ""]) => ({ wrapper, operator, schema }));
}
