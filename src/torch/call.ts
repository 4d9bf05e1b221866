/** Any registered operator by its schema name, for those that have no typed wrapper. */
import type { Generator } from "./generator.ts";
import { shown } from "../util/shown.ts";
import { CoppiceError } from "../util/errors.ts";
import { native } from "./binding.ts";
import { NativeObject } from "./native-object.ts";
import { handleOf, Operator } from "./operator.ts";
import { Tensor } from "./tensor.ts";

const known = new Map<string, Operator>();

function operatorOf(name: string): Operator {
  if (typeof name !== "string") {
    throw new CoppiceError("E_ARG", `callOperator: expected an operator's name, got ${shown(name)}`);
  }
  const found = known.get(name) ?? new Operator(name);
  known.set(name, found);
  return found;
}

/** What `callOperator` takes: tensors, generators, native objects, numbers, booleans, strings, null, arrays of them, numbers by name. */
export type OperatorArgument =
  | Tensor
  | Generator
  | NativeObject
  | number
  | bigint
  | boolean
  | string
  | null
  | undefined
  | Readonly<Record<string, number>>
  | readonly OperatorArgument[];
export type OperatorResult =
  | Tensor
  | NativeObject
  | number
  | boolean
  | string
  | null
  | undefined
  | readonly OperatorResult[];

// Schemas nest lists once. What is no tensor or generator passes as it is, for the addon to refuse.
function lower(value: OperatorArgument, depth = 0): unknown {
  if (Array.isArray(value)) return depth > 1 ? value : value.map((item: OperatorArgument) => lower(item, depth + 1));
  return handleOf(value as Tensor);
}

/**
 * Calls `name` (`aten::add.Tensor`, `coppice::crop_flip`) with arguments in the schema's order; those left out take the
 * schema's defaults. Element types are given by `dtypeCode`. Where the schema has a generator, give one: libtorch's own
 * is not seeded.
 * @throws CoppiceError E_NATIVE with the operator, its arguments and libtorch's sentence.
 */
export function callOperator(name: string, args: readonly OperatorArgument[]): OperatorResult {
  const operator = operatorOf(name);
  if (!Array.isArray(args))
    throw new CoppiceError("E_ARG", `${name}: expected a list of arguments, got ${shown(args)}`);
  const result = operator.invoke(...(args as readonly OperatorArgument[]).map((arg) => lower(arg)));
  const schema = operator.schema();
  if (result === undefined) return schema.endsWith("-> Tensor(a!)") ? written(schema, args) : undefined;
  return raise(result, returnsOf(schema));
}

// The argument that the operator wrote to and returned: the tensor changed in place, or `out`.
function written(schema: string, args: readonly OperatorArgument[]): Tensor {
  const parameters = schema
    .replace(/\[[^\]]*\]/g, "") // lists as defaults have commas too
    .replace("*, ", "")
    .split(",");
  return args[parameters.findIndex((parameter) => parameter.includes("Tensor(a!)"))] as Tensor;
}

// "(...) -> (Tensor values, Tensor indices)" or "-> Tensor[]": which results are handles.
function returnsOf(schema: string): string[] {
  const text = schema.slice(schema.lastIndexOf("->") + 2).trim();
  const inner = text.startsWith("(") ? text.slice(1, -1) : text;
  return inner.split(",").map((part) => part.trim());
}

function raise(result: unknown, types: readonly string[]): OperatorResult {
  if (types.length > 1) return (result as unknown[]).map((item, i) => raise(item, [types[i] ?? ""]));
  const [type = ""] = types;
  if (type.startsWith("__torch__.")) return new NativeObject(result as number);
  if (!type.startsWith("Tensor")) return result as OperatorResult;
  if (Array.isArray(result)) return result.map((item) => raise(item, types));
  return result === null ? null : new Tensor(result as number);
}

/** Every operator registered with libtorch, ours included: `aten::add.Tensor`, … */
export function operatorNames(): string[] {
  return native.operatorNames();
}

/** The schema of an operator as libtorch prints it. */
export function operatorSchema(name: string): string {
  return operatorOf(name).schema();
}
