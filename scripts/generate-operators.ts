/**
 * Writes src/torch/operators.generated.ts and src/torch/tensor-methods.generated.ts from libtorch's own schemas.
 * Run it with `npm run generate` after adding a line to wrapped-operators.ts; a test compares its output with what is committed.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { operatorSchema } from "../src/torch/call.ts";
import { libtorchVersion } from "../src/torch/runtime.ts";
import { wrappedOperators } from "./wrapped-operators.ts";

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
}

export interface Schema {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly returns: readonly string[];
  readonly inPlace: boolean;
}

// Settings no caller here needs: left at the schema's default, wherever in the list they stand.
const hidden: readonly string[] = ["layout", "pinMemory", "nonBlocking"];

export function visible(parameters: readonly Parameter[]): Parameter[] {
  return parameters.filter(({ name }) => !hidden.includes(name));
}

function camel(name: string): string {
  return name.replace(/([a-z0-9])_([a-z0-9])/g, (_, a: string, b: string) => a + b.toUpperCase());
}

/** Splits at commas outside of brackets. */
function split(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i <= text.length; i++) {
    const char = text[i];
    if (char === "(" || char === "[") depth++;
    if (char === ")" || char === "]") depth--;
    if (i === text.length || (char === "," && depth === 0)) {
      if (text.slice(from, i).trim() !== "") parts.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  return parts;
}

/** What a schema's text says. */
export function parseSchema(qualified: string, text: string): Schema {
  const open = text.indexOf("(");
  const arrow = text.lastIndexOf("->");
  const parameters = split(text.slice(open + 1, text.lastIndexOf(")", arrow)))
    .filter((part) => part !== "*")
    .map((part) => {
      const [declared = "", fallback] = part.split("=");
      const space = declared.trim().lastIndexOf(" ");
      // "Tensor(a!)" and "Tensor(a)" say what aliases what: of no concern for types
      const type = declared
        .trim()
        .slice(0, space)
        .replace(/\([^),]*\)/g, ""); // but not those of Dict(str, int)
      const name = camel(declared.trim().slice(space + 1));
      // Optional in the schema, but there is no global random state here.
      if (type === "Generator?") return { name, type: "Generator", optional: false };
      return { name, type, optional: fallback !== undefined };
    });
  const result = text.slice(arrow + 2).trim();
  const returns = split(result.startsWith("(") ? result.slice(1, -1) : result).map((part) =>
    (part.split(" ")[0] ?? "").replace(/\([^)]*\)/g, ""),
  );
  return { name: qualified, parameters, returns, inPlace: /\(\w!\)/.test(result) };
}

/** What types begin with that a library registered as a class. */
const objectPrefix = "__torch__.";

const plainTypes: Record<string, string> = {
  Tensor: "Tensor",
  int: "number",
  SymInt: "number",
  float: "number",
  Scalar: "number",
  bool: "boolean",
  str: "string",
  Device: "string",
  ScalarType: "DType",
  MemoryFormat: "MemoryFormat",
  Generator: "Generator",
};

function typescriptOf(type: string): string {
  if (type.endsWith("?")) return `${typescriptOf(type.slice(0, -1))} | null`;
  const list = /^(.*)\[(\d*)\]$/.exec(type);
  if (list !== null) {
    const element = typescriptOf(list[1] ?? "");
    const array = `readonly ${element.includes("|") ? `(${element})` : element}[]`;
    return list[2] === "" || element === "boolean" ? array : `${element} | ${array}`;
  }
  const values = /^Dict\(str, (.*)\)$/.exec(type)?.[1];
  if (values !== undefined) return `Readonly<Record<string, ${typescriptOf(values)}>>`;
  if (type.startsWith(objectPrefix)) return "NativeObject";
  const plain = plainTypes[type];
  if (plain === undefined) throw new Error(`no TypeScript type for ${type}`);
  return plain;
}

/** The expression that turns a parameter into what the addon takes. */
function lowered({ name, type, optional }: Parameter): string {
  if (hidden.includes(name)) return "undefined";
  const nullable = type.endsWith("?");
  const base = nullable ? type.slice(0, -1) : type;
  if (/^Tensor\??\[\]$/.test(base)) return `handlesOf(${name})`;
  if (base === "Tensor" || base.startsWith(objectPrefix)) return `handleOf(${name})`;
  if (base === "Generator") return `generatorHandle(${name})`;
  if (base === "ScalarType") return nullable || optional ? `codeOf(${name})` : `dtypeCode(${name})`;
  if (base === "MemoryFormat") return `formatOf(${name})`;
  return name;
}

function signature(all: readonly Parameter[], union: ReadonlySet<number>): string {
  const parameters = visible(all);
  let lastRequired = -1;
  parameters.forEach((parameter, i) => {
    if (!parameter.optional) lastRequired = i;
  });
  return parameters
    .map((parameter, i) => {
      const type = typescriptOf(parameter.type) + (union.has(i) ? " | number" : "");
      if (!parameter.optional) return `${parameter.name}: ${type}`;
      return i > lastRequired ? `${parameter.name}?: ${type}` : `${parameter.name}: ${type} | undefined`;
    })
    .join(", ");
}

function resultType(schema: Schema): string {
  const types = schema.returns.map((type) => (type === "Tensor[]" ? "Tensor[]" : typescriptOf(type)));
  return types.length === 1 ? (types[0] ?? "void") : `[${types.join(", ")}]`;
}

function returned(schema: Schema, call: string): string[] {
  if (schema.inPlace) return [`  ${call};`, "  return self;"];
  if (schema.returns.length > 1) return [`  return wrapAll(${call}) as ${resultType(schema)};`];
  const [type] = schema.returns;
  if (type === "Tensor") return [`  return wrap(${call});`];
  if (type === "Tensor[]") return [`  return wrapAll(${call});`];
  if (type?.startsWith(objectPrefix) === true) return [`  return new NativeObject(${call} as number);`];
  return [`  return ${call} as ${resultType(schema)};`];
}

interface Wrapper {
  readonly name: string;
  readonly schema: Schema;
  readonly union: ReadonlySet<number>;
  readonly lines: readonly string[];
}

function wrapper([title, ...overloads]: readonly [string, ...string[]]): Wrapper {
  const name = title.replace(/^.*::/, "");
  const schemas = overloads.map((overload) => {
    const qualified = overload.includes("::") ? overload : `aten::${overload}`;
    return parseSchema(qualified, operatorSchema(qualified));
  });
  const [first, second] = schemas;
  if (first === undefined) throw new Error(`${name} names no schema`);
  const union = new Set<number>();
  first.parameters.forEach((parameter, i) => {
    if (second !== undefined && parameter.type === "Tensor" && second.parameters[i]?.type === "Scalar") union.add(i);
  });
  const constants = schemas.map((_, i) => `${name.replace(/_$/, "InPlace")}${i === 0 ? "" : "Scalar"}`);
  const lines = schemas.map((schema, i) => `const ${constants[i]}Operator = new Operator("${schema.name}");`);
  lines.push(
    `/** \`${operatorSchema(first.name)}\` */`,
    `export function ${name}(${signature(first.parameters, union)}): ${resultType(first)} {`,
  );
  const [at] = union;
  if (second !== undefined && at !== undefined) {
    const scalar = first.parameters.map((parameter, i) => (i === at ? parameter.name : lowered(parameter))).join(", ");
    const test = `typeof ${first.parameters[at]?.name} === "number"`;
    lines.push(
      `  if (${test}) {`,
      ...returned(second, `${constants[1]}Operator.invoke(${scalar})`).map((line) => `  ${line}`),
      "  }",
    );
  }
  lines.push(
    ...returned(first, `${constants[0]}Operator.invoke(${first.parameters.map(lowered).join(", ")})`),
    "}",
    "",
  );
  return { name, schema: first, union, lines };
}

const origin = `// Generated by scripts/generate-operators.ts from the schemas of libtorch ${libtorchVersion()}. Do not edit.\n`;

/** Both files' texts, before formatting. */
export function generate(): { readonly operators: string; readonly methods: string } {
  const wrappers = wrappedOperators.map(wrapper);
  const operators = [
    origin,
    'import type { Generator } from "./generator.ts";',
    'import type { Tensor } from "./tensor.ts";',
    'import { type DType, dtypeCode } from "./dtype.ts";',
    'import { NativeObject } from "./native-object.ts";',
    'import { generatorHandle, handleOf, handlesOf, Operator } from "./operator.ts";',
    'import { wrap, wrapAll } from "./wrap.ts";',
    "",
    'export type MemoryFormat = "contiguous" | "preserve" | "channelsLast";',
    "",
    "function codeOf(dtype: DType | null | undefined): number | null | undefined {",
    "  return dtype === null || dtype === undefined ? dtype : dtypeCode(dtype);",
    "}",
    "",
    "// c10::MemoryFormat's numbers; any other value passes as it is, for the addon to refuse",
    'const formats = new Map<unknown, number>([["contiguous", 0], ["preserve", 1], ["channelsLast", 2]]);',
    "",
    "function formatOf(format: MemoryFormat | null | undefined): unknown {",
    "  return formats.get(format) ?? format;",
    "}",
    "",
    ...wrappers.flatMap(({ lines }) => lines),
  ].join("\n");
  const methods = wrappers
    .filter(({ schema }) => schema.parameters[0]?.name === "self" && schema.parameters[0].type === "Tensor")
    .flatMap(({ name, schema, union }) => {
      const rest = visible(schema.parameters).slice(1);
      const shifted = new Set([...union].map((i) => i - 1));
      const self = ["this: Tensor", signature(rest, shifted)].filter(Boolean).join(", ");
      const args = ["this", ...rest.map((parameter) => parameter.name)].join(", ");
      return [`  ${name}(${self}): ${resultType(schema)} {`, `    return operators.${name}(${args});`, "  }", ""];
    });
  const text = [
    origin,
    'import type { DType } from "./dtype.ts";',
    'import type { Generator } from "./generator.ts";',
    'import type { MemoryFormat } from "./operators.generated.ts";',
    'import type { Tensor } from "./tensor.ts";',
    'import * as operators from "./operators.generated.ts";',
    "",
    "/** PyTorch's operators as methods of the tensor that is their `self`. */",
    "export abstract class TensorMethods {",
    ...methods,
    "}",
    "",
  ].join("\n");
  return { operators, methods: text };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = {
    operators: fileURLToPath(new URL("../src/torch/operators.generated.ts", import.meta.url)),
    methods: fileURLToPath(new URL("../src/torch/tensor-methods.generated.ts", import.meta.url)),
  };
  const texts = generate();
  writeFileSync(files.operators, texts.operators);
  writeFileSync(files.methods, texts.methods);
  execFileSync("npx", ["oxfmt", files.operators, files.methods]);
}
