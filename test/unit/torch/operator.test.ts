import { describe, expect, it } from "vitest";
import { tensor, zeros } from "../../../src/torch/create.ts";
import { generatorHandle, handleOf, handlesOf, nativeError, Operator } from "../../../src/torch/operator.ts";
import { wrap } from "../../../src/torch/wrap.ts";
import type { Tensor } from "../../../src/torch/tensor.ts";
import { thrownBy } from "../../support/thrown-by.ts";

describe("Operator", () => {
  it("takes and gives handles, and looks its name up at the first call", () => {
    const add = new Operator("aten::add.Tensor");
    const x = tensor([1, 2]);
    expect(wrap(add.invoke(x.id, x.id)).toArray()).toEqual([2, 4]);
    expect(add.schema()).toBe("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor");
    expect(thrownBy(() => new Operator("aten::add.Nothing").schema()).code).toBe("E_NATIVE");
  });

  it("reports operator, shapes, libtorch's sentence and the line that called", () => {
    const [a, b] = [zeros([2, 3]), zeros([4, 5])];
    const error = thrownBy(() => a.mm(b));
    expect(error.code).toBe("E_NATIVE");
    expect(error.message).toBe(
      "aten::mm(Tensor[2, 3], Tensor[4, 5]): mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)",
    );
    expect(error.stack).toMatch(/operator\.test\.ts:\d+/);
    expect((error.cause as Error).message).not.toMatch(/frame #|Exception raised from/);
  });
});

describe("error messages", () => {
  const message = (...args: unknown[]): string => nativeError("f", args, new Error(" wrong\n")).message;

  it("show every kind of argument", () => {
    const x = zeros([2, 1]);
    expect(message(x.id, 5, -0.5, "a", null, undefined, true, 3n)).toBe(
      'f(Tensor[2, 1], 5, -0.5, "a", null, undefined, true, 3): wrong',
    );
    expect(message([x.id, [1, 2]], Symbol("s"))).toBe("f([Tensor[2, 1], [1, 2]], Symbol(s)): wrong");
    expect(message(Array.from({ length: 10 }, (_, i) => i))).toBe("f([0, 1, 2, 3, 4, 5, 6, 7, ...]): wrong");
    x.dispose();
    expect(message(x.id)).toBe("f(disposed Tensor): wrong");
  });

  it("leave large sizes as they are: no size is a handle", () => {
    expect(message([2 ** 32, 2 ** 47])).toBe("f([4294967296, 140737488355328]): wrong");
  });

  it("run no code of the user's and end on lists nested in themselves", () => {
    const circular: unknown[] = [];
    circular.push(circular);
    expect(message({ toString: null }, Object.create(null), circular)).toBe(
      "f([object Object], [object Object], [[[[...]]]]): wrong",
    );
  });
});

describe("handles", () => {
  it("are taken from tensors; anything else passes for the addon to refuse", () => {
    const x = zeros([1]);
    expect(handleOf(x)).toBe(x.id);
    expect(handlesOf([x, null])).toEqual([x.id, null]);
    for (const other of [null, undefined, 5, "x"]) {
      expect(handleOf(other as null)).toBe(other);
      expect(handlesOf(other as unknown as Tensor[])).toBe(other);
    }
    expect(handleOf({ id: "x" } as unknown as Tensor)).toEqual({ id: "x" });
  });

  it("of a generator must be one", () => {
    expect(generatorHandle({ id: 7 })).toBe(7);
    const error = thrownBy(() => generatorHandle(undefined as unknown as Tensor));
    expect(error.code).toBe("E_ARG");
    expect(error.message).toBe("generator: expected a Generator, got undefined");
  });
});
