import { expect, it } from "vitest";
import { convert, isFloating } from "../../../src/nn/convert.ts";
import { dtypes, tensor } from "../../../src/torch/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";

it("knows the floating-point types", () => {
  expect(dtypes.filter(isFloating).toSorted()).toEqual(["bfloat16", "float16", "float32", "float64"]);
});

it("gives a converted copy, without history", () => {
  const weight = tensor([0.5, 1.5], { dtype: "float32" });
  weight.requiresGrad = true;
  const converted = convert(weight, "float64");
  expect([converted.dtype, converted.toArray(), converted.requiresGrad]).toEqual(["float64", [0.5, 1.5], false]);
  expect(weight.dtype).toBe("float32");
});

it("gives the tensor itself where there is nothing to do, and a counter for any dtype", () => {
  const weight = tensor([1], { dtype: "float32" });
  expect(convert(weight, "float32")).toBe(weight);
  expect(convert(weight, "cpu")).toBe(weight);
  const counter = tensor([3], { dtype: "int64" });
  expect(convert(counter, "float64")).toBe(counter);
});

it("refuses a dtype that is not floating-point", () => {
  expect(thrownBy(() => convert(tensor([1]), "int64"))).toMatchObject({
    code: "E_DTYPE",
    message: 'Module.to: expected a floating-point dtype or a device, got "int64"',
  });
});
