/** What is to be forgotten, as settings say it. */
import { z } from "zod";
import type { Config } from "./config.ts";
import { text } from "./fields.ts";

/** Ways in which an id of a list may be like a record's without being it; one is used only when it is asked for. In the order in which several are done. */
export const matchNames = [
  "trimmed",
  "unicode",
  "case",
  "number",
  "zeros",
  "path",
  "part",
  "filename",
  "extension",
] as const;
export type MatchName = (typeof matchNames)[number];

const alsoTest = z
  .boolean()
  .optional()
  .describe("take validation and test images out of those parts as well, so that nobody is evaluated on them");

const listOptions = {
  match: z.array(z.enum(matchNames)).optional().describe("how ids may differ from the records'; default not at all"),
  skipUntrained: z.boolean().optional().describe("go on where some were not trained on, or are unknown and like no id"),
  alsoTest,
  faults: text.optional().describe("CSV file to write with all values that name nothing to forget"),
};
const { match: _match, ...positionOptions } = listOptions;
const where = z.record(z.string(), z.string()).optional().describe("only rows with exactly these values, by column");

export const forgetRequestSchema = z.union([
  z.strictObject({
    kind: z.literal("class"),
    classes: z.array(z.union([z.number(), z.string()])).describe("class numbers, or names"),
    alsoTest,
  }),
  z.strictObject({ kind: z.literal("random"), fraction: z.number().describe("of the training images, in (0, 1)") }),
  z.strictObject({ kind: z.literal("random"), count: z.number().describe("training images to draw") }),
  z.strictObject({
    kind: z.literal("ids"),
    file: text.describe("CSV or JSON file that lists images"),
    idColumn: text.optional().describe("column of the ids; default `id`, or `index` for positions"),
    where,
    ...listOptions,
  }),
  z.strictObject({ kind: z.literal("ids"), ids: z.array(z.string()).describe("ids from a program"), ...listOptions }),
  z.strictObject({
    kind: z.literal("indices"),
    file: text.describe("CSV or JSON file that lists positions in the whole train part"),
    where,
    ...positionOptions,
  }),
  z.strictObject({
    kind: z.literal("indices"),
    indices: z.array(z.number()).describe("positions from a program"),
    ...positionOptions,
  }),
]);

/**
 * What is to be forgotten: whole classes by number or name; a fraction of the training images, or a count of them, drawn at random; or a list of ids or
 * positions, in a file or from a program.
 */
export type ForgetRequest = Config<z.infer<typeof forgetRequestSchema>>;
export type ListRequest = Extract<ForgetRequest, { readonly kind: "ids" | "indices" }>;

/** In a record: a list without what would name anybody. */
export const keptRequestSchema = z.strictObject({
  kind: z.enum(["ids", "indices"]),
  given: z.number().describe("in a record: values that a program gave; they are not kept"),
  ...listOptions,
});

/** In place of a value that is not kept. */
const NOT_KEPT = "(not kept)";

/** A request of the settings of a run, be it as it was made or as a record keeps it. */
type AnyRequest = ForgetRequest | Config<z.infer<typeof keptRequestSchema>> | { readonly kind: "none" };

/** The request as a run's record keeps it: neither ids nor values of rows, which may name a person. */
export function keptRequest(request: AnyRequest): AnyRequest {
  if ("ids" in request) {
    const { ids, ...kept } = request;
    return { ...kept, given: ids.length };
  }
  if ("indices" in request) {
    const { indices, ...kept } = request;
    return { ...kept, given: indices.length };
  }
  if (!("where" in request) || request.where === undefined) return request;
  return { ...request, where: Object.fromEntries(Object.keys(request.where).map((column) => [column, NOT_KEPT])) };
}
