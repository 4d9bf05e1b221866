import { describe, expect, it } from "vitest";
import { callOperator, type OperatorArgument, operatorNames, operatorSchema } from "../../../src/torch/call.ts";
import { tensor, zeros } from "../../../src/torch/create.ts";
import { Generator } from "../../../src/torch/generator.ts";
import type { Tensor } from "../../../src/torch/tensor.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const values = (result: unknown): number[] => (result as Tensor).toArray();

describe("callOperator", () => {
  it("takes tensors, numbers, lists, null and defaults", () => {
    const x = tensor([1, 2, 3, 4], { shape: [2, 2] });
    expect(values(callOperator("aten::add.Tensor", [x, x]))).toEqual([2, 4, 6, 8]);
    expect(values(callOperator("aten::add.Tensor", [x, x, 10]))).toEqual([11, 22, 33, 44]);
    expect(values(callOperator("aten::sum.dim_IntList", [x, [0]]))).toEqual([4, 6]);
    expect(values(callOperator("aten::clamp", [x, null, 2.5]))).toEqual([1, 2, 2.5, 2.5]);
    expect(values(callOperator("aten::cat", [[x, x], 1]))).toEqual([1, 2, 1, 2, 3, 4, 3, 4]);
    expect(callOperator("aten::size.int", [x, 1n])).toBe(2);
  });

  it("gives tuples as arrays, lists of tensors as arrays of tensors, plain values as they are", () => {
    const x = tensor([3, 1, 2]);
    const [sorted, order] = callOperator("aten::sort", [x, 0]) as [Tensor, Tensor];
    expect(sorted.toArray()).toEqual([1, 2, 3]);
    expect(order.toArray()).toEqual([1, 2, 0]);
    const parts = callOperator("aten::split.Tensor", [x, 2]) as Tensor[];
    expect(parts.map(values)).toEqual([[3, 1], [2]]);
    expect(callOperator("aten::is_floating_point", [x])).toBe(true);
  });

  it("returns the very tensor that an in-place operator changed", () => {
    const x = tensor([1, 2]);
    expect(callOperator("aten::mul_.Scalar", [x, 3])).toBe(x);
    expect(x.toArray()).toEqual([3, 6]);
  });

  it("returns `out` from operators that write into one", () => {
    const [x, out] = [tensor([1, 2]), zeros([2])];
    expect(callOperator("aten::add.out", [x, x, 1, out])).toBe(out);
    expect(out.toArray()).toEqual([2, 4]);
    const images = tensor([1, 2, 3, 4], { shape: [1, 1, 2, 2] });
    const pooled = zeros([1, 1, 1, 1]);
    expect(callOperator("aten::avg_pool2d.out", [images, 2, 1, 0, false, true, null, pooled])).toBe(pooled);
    expect(pooled.item()).toBe(2.5);
  });

  it("returns nothing from operators without result", () => {
    const x = tensor([1, 2]);
    expect(callOperator("aten::_foreach_add_.Scalar", [[x], 1])).toBeUndefined();
    expect(x.toArray()).toEqual([2, 3]);
  });

  it("draws from the generator given", () => {
    const draw = (): number[] => {
      using generator = Generator.seeded(4);
      return values(callOperator("aten::rand.generator", [[3], generator]));
    };
    expect(draw()).toEqual(draw());
  });

  it("names the argument that does not fit, and what it got", () => {
    const x = tensor([1, 2]);
    const message = (name: string, ...args: unknown[]): string =>
      thrownBy(() => callOperator(name, args as OperatorArgument[])).message;
    expect(message("aten::add.Tensor", x, {})).toBe(
      "aten::add.Tensor(Tensor[2], [object Object]): argument other: expected a Tensor",
    );
    expect(message("aten::add.Tensor", x)).toBe("aten::add.Tensor(Tensor[2]): argument other: expected a value");
    expect(message("aten::add.Tensor", x, x, 1, 2)).toContain("takes 3 arguments, got 4");
    expect(message("aten::sum.dim_IntList", x, [0.5])).toContain("argument dim: expected an integer, got 0.5");
    expect(message("aten::sum.dim_IntList", x, "0")).toContain('(Tensor[2], "0"): argument dim: expected an integer');
    expect(message("aten::add.Scalar", x, 2n ** 64n)).toContain("expected an integer of at most 64 bits");
    expect(message("aten::softmax.int", x, NaN)).toContain("argument dim: expected an integer, got nan");
    expect(message("aten::cat", x)).toContain("argument tensors: expected an array");
    expect(message("aten::cat", [x, null])).toContain("argument tensors: expected a value");
    expect(message("aten::to.device", x, "nowhere", 6)).toMatch(/argument device: .*nowhere/);
  });

  it("survives lists nested in themselves", () => {
    const circular: unknown[] = [];
    circular.push(circular);
    const error = thrownBy(() => callOperator("aten::cat", [circular as OperatorArgument]));
    expect(error.message).toContain("argument tensors: expected a Tensor");
  });

  it("passes on what a getter in a list throws", () => {
    const list = [0];
    Object.defineProperty(list, 0, {
      get: () => {
        throw new RangeError("from the getter");
      },
    });
    expect(() => zeros(list)).toThrow("from the getter");
    expect(zeros([1]).item()).toBe(0);
  });

  it("refuses names and arguments that are none", () => {
    for (const bad of [undefined, null, 5, {}, "x"]) {
      expect(thrownBy(() => callOperator("aten::relu", bad as unknown as [])).code).toBe("E_ARG");
    }
    for (const bad of [undefined, null, 5, {}]) {
      expect(thrownBy(() => operatorSchema(bad as string)).code).toBe("E_ARG");
    }
  });

  it("says so when there is no such operator", () => {
    for (const name of ["aten::no_such_operator", "add", "", "aten::add.NoSuchOverload", "::", "."]) {
      const error = thrownBy(() => callOperator(name, []));
      expect(error.code).toBe("E_NATIVE");
      expect(error.message).toContain("no operator of this name");
      expect(error.hint).toContain("this is libtorch");
    }
  });
});

describe("operatorNames and operatorSchema", () => {
  it("list libtorch's operators and our own", () => {
    const names = operatorNames();
    expect(names.length).toBeGreaterThan(1000);
    expect(names).toEqual(expect.arrayContaining(["aten::add.Tensor", "aten::mm", "coppice::crop_flip"]));
  });

  it("give the schema as libtorch prints it", () => {
    expect(operatorSchema("aten::mm")).toBe("aten::mm(Tensor self, Tensor mat2) -> Tensor");
  });
});
