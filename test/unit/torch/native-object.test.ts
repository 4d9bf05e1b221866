import { describe, expect, it } from "vitest";
import { callOperator, keep, liveTensors, NativeObject, scope, sparsePlan, tensor } from "../../../src/torch/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const make = (): NativeObject => {
  const step = { input: 0, out_channels: 1, kernel_size: 1, stride: 1, projection: 0 };
  using positions = tensor([0], { dtype: "int64" });
  return sparsePlan([1, 2, 2], [step], [positions], [0]);
};
/** Gives `object` to an operator that takes objects of one class. */
const use = (object: NativeObject): unknown => {
  const [image, one, zero] = [tensor([1, 2, 3, 4]).view([1, 1, 2, 2]), tensor([1]), tensor([0])];
  return callOperator("coppice::sparse_forward", [object, image, [one, one, zero], [zero, one], false, 0]);
};

describe("a native object", () => {
  it("belongs to the scope it was made in, as a tensor does", () => {
    const before = liveTensors();
    const [kept, returned] = scope(() => {
      make();
      return [keep(make()), make()];
    });
    expect(liveTensors()).toBe(before + 2);
    scope(() => {
      use(returned);
    });
    kept.dispose();
    returned.dispose();
    expect(liveTensors()).toBe(before);
  });

  it("is freed once, by dispose or at the end of a block, and is refused afterwards", () => {
    const before = liveTensors();
    const object = make();
    object.dispose();
    object.dispose();
    {
      using _block = make();
      expect(liveTensors()).toBe(before + 1);
      expect(thrownBy(() => scope(() => use(object))).message).toContain("this object was disposed, or never was one");
    }
    expect(liveTensors()).toBe(before);
  });

  it("comes from any operator that returns one, and shows in messages as what it is", () => {
    scope(() => {
      const other = callOperator("profiler::_record_function_enter_new", ["nothing"]);
      expect(other).toBeInstanceOf(NativeObject);
      const { message } = thrownBy(() => use(other as NativeObject));
      expect(message).toMatch(/^coppice::sparse_forward\(NativeObject, Tensor\[1, 1, 2, 2\]/);
      expect(message).toContain("argument plan: expected a SparsePlan, got another object");
    });
  });

  it("is no tensor", () => {
    scope(() => {
      const { message } = thrownBy(() => callOperator("aten::neg", [make()]));
      expect(message).toContain("this tensor was disposed, or never was one");
    });
  });
});
