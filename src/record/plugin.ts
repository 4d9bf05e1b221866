/** A definition that is not built in, as records name it. */
import { z } from "zod";
import { definitionKinds } from "../util/definition.ts";
import { sha256, text } from "./fields.ts";

export const pluginSchema = z.strictObject({
  kind: z.enum(definitionKinds).describe("what it defines"),
  name: text.describe("name of the definition"),
  path: text.optional().describe("file that defines it; absent where a program passed it"),
  sha256: sha256.optional().describe("hash of that file and of the files beside it that it imports"),
});

export type PluginRecord = z.infer<typeof pluginSchema>;
