/** The schemas by file, for machines as JSON Schema and for people as the tables of `docs/reference/records.md`. */
import { z } from "zod";
import { cleanseRecordSchema } from "./cleanse.ts";
import { cleanseComparisonRecordSchema } from "./cleanse-comparison.ts";
import { backdoorExperimentRecordSchema } from "./backdoor-experiment.ts";
import { evaluationRecordSchema } from "./evaluation.ts";
import { experimentRecordSchema } from "./experiment.ts";
import { poisonRecordSchema } from "./poison.ts";
import { metricLineSchema, runRecordSchema } from "./run.ts";
import { splitSchema } from "./split.ts";
import { recordsSchema } from "./records.ts";
import { theoryRecordSchema } from "./theory.ts";
import { tuneRecordSchema } from "./tune.ts";
import { transferRecordSchema } from "./transfer.ts";

/** Every file of records with its schema; of `metrics.jsonl`, that of a line. */
export const recordSchemas = {
  "run.json": runRecordSchema,
  "metrics.jsonl": metricLineSchema,
  "split.json": splitSchema,
  "records.json": recordsSchema,
  "evaluation.json": evaluationRecordSchema,
  "experiment.json": experimentRecordSchema,
  "theory.json": theoryRecordSchema,
  "tune.json": tuneRecordSchema,
  "poison.json": poisonRecordSchema,
  "cleanse.json": cleanseRecordSchema,
  "cleanse-comparison.json": cleanseComparisonRecordSchema,
  "backdoor-experiment.json": backdoorExperimentRecordSchema,
  "transfer.json": transferRecordSchema,
} as const;

/** The part of JSON Schema that our schemas come out as. */
interface Node {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Node>>;
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node | false;
  readonly prefixItems?: readonly Node[];
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Schemas that have their table elsewhere on the page, by file. */
const FILE_OF_PART: Readonly<Record<string, string>> = {
  Run: "run.json",
  Records: "records.json",
  Evaluation: "evaluation.json",
  Cleanse: "cleanse.json",
};

/** The JSON Schema (draft 2020-12) of a file. */
export function recordJsonSchema(file: keyof typeof recordSchemas): Record<string, unknown> {
  return { ...z.toJSONSchema(recordSchemas[file]) };
}

/** All fields of all files as Markdown: a section for each file, then one for each part that several share. */
export function recordTables(): string {
  const parts = new Map<string, Node>();
  const sections = Object.keys(recordSchemas).map((file) => {
    const schema = recordJsonSchema(file as keyof typeof recordSchemas) as Node;
    for (const [name, part] of Object.entries(schema.$defs ?? {})) parts.set(name, part);
    const root = schema.$ref === undefined ? schema : parts.get(schema.$ref.replace("#/$defs/", ""));
    return section(`\`${file}\``, root ?? schema);
  });
  const shared = [...parts].filter(([name, part]) => part.properties !== undefined && !(name in FILE_OF_PART));
  return [...sections, ...shared.map(([name, part]) => section(name, part))].join("\n");
}

function section(title: string, schema: Node): string {
  const rows = fieldRows(schema, "");
  return `## ${title}\n\n| field | type | | meaning |\n| --- | --- | --- | --- |\n${rows.join("\n")}\n`;
}

function fieldRows({ properties = {}, required = [] }: Node, prefix: string): string[] {
  return Object.entries(properties).flatMap(([name, node]) => {
    const path = `${prefix}${name}`;
    const optional = required.includes(name) ? "" : "optional";
    const row = `| \`${path}\` | ${typeName(node)} | ${optional} | ${node.description ?? ""} |`;
    const inner =
      node.type === "array" && node.items ? fieldRows(node.items, `${path}[].`) : fieldRows(node, `${path}.`);
    return [row, ...inner];
  });
}

function typeName(node: Node): string {
  if (node.$ref !== undefined) return partName(node.$ref.replace("#/$defs/", ""));
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``;
  if (node.enum !== undefined) return node.enum.map((value) => `\`${JSON.stringify(value)}\``).join(" or ");
  const choices = node.anyOf ?? node.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(choiceName))].join(" or ");
  if (node.prefixItems !== undefined) return `[${node.prefixItems.map(typeName).join(", ")}]`;
  if (node.type === "array") return `list of ${node.items ? typeName(node.items) : "anything"}`;
  if (node.type === "object") return "object";
  if (node.type === "string") return node.format ?? (node.pattern === undefined ? "string" : "hexadecimal string");
  return `${node.type ?? "any JSON"}${rangeName(node)}`;
}

/** A choice among objects is told by its constant member. */
function choiceName(node: Node): string {
  const tag = Object.entries(node.properties ?? {}).find(([, member]) => member.const !== undefined);
  if (tag === undefined) return typeName(node);
  const others = Object.keys(node.properties ?? {}).filter((name) => name !== tag[0]);
  return `\`{ ${[`${tag[0]}: ${JSON.stringify(tag[1].const)}`, ...others].join(", ")} }\``;
}

function partName(part: string): string {
  if (part.startsWith("__")) return "any JSON";
  const file = FILE_OF_PART[part];
  return file === undefined ? `[${part}](#${part.toLowerCase()})` : `[\`${file}\`](#${file.replace(".", "")})`;
}

function rangeName({ minimum, maximum }: Node): string {
  const open = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER;
  if (minimum === undefined || minimum === Number.MIN_SAFE_INTEGER) return "";
  return open ? ` ≥ ${minimum}` : ` ${minimum} to ${maximum}`;
}
