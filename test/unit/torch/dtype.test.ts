import { describe, expect, it } from "vitest";
import { fromTypedArray, tensor } from "../../../src/torch/create.ts";
import {
  arrayConstructor,
  type DType,
  dtypeBytes,
  dtypeCode,
  dtypeOfArray,
  dtypeOfCode,
  dtypes,
  isDType,
  type TypedArray,
} from "../../../src/torch/dtype.ts";
import { thrownBy } from "../../support/thrown-by.ts";

describe("dtypes", () => {
  it.each(dtypes)("%s survives the way through libtorch", (dtype) => {
    const values = dtype === "bool" ? [0, 1] : [0, 1, 100];
    const x = tensor(values, { dtype });
    expect(x.dtype).toBe(dtype);
    expect(x.toArray()).toEqual(values);
    expect(x.data()).toBeInstanceOf(arrayConstructor(dtype));
    expect(x.data().byteLength).toBe(values.length * dtypeBytes(dtype));
    expect(fromTypedArray(x.data(), x.shape, dtype).toArray()).toEqual(values);
    expect(dtypeOfCode(dtypeCode(dtype))).toBe(dtype);
  });

  it("keep their extremes", () => {
    const int64 = BigInt64Array.of(2n ** 63n - 1n, -(2n ** 63n));
    expect([...(tensor(int64).data() as BigInt64Array)]).toEqual([...int64]);
    expect(tensor(Int8Array.of(-128, 127)).toArray()).toEqual([-128, 127]);
    expect(tensor([65504], { dtype: "float16" }).item()).toBe(65504);
    expect(tensor([65536], { dtype: "float16" }).item()).toBe(Infinity);
    expect(tensor([3e38], { dtype: "bfloat16" }).item()).toBeCloseTo(3e38, -37);
    expect(tensor([NaN, -Infinity, -0]).toArray()).toEqual([NaN, -Infinity, -0]);
  });

  it("show 16-bit floats as their bit patterns", () => {
    // 1.5 = 2^0 (1 + 1/2): exponent bias 15 and 10 bits of fraction, or bias 127 and 7 bits
    expect(tensor([1.5, -2], { dtype: "float16" }).data()).toEqual(Uint16Array.of(0x3e00, 0xc000));
    expect(tensor([1.5, -2], { dtype: "bfloat16" }).data()).toEqual(Uint16Array.of(0x3fc0, 0xc000));
  });

  it("convert with PyTorch's rounding: to nearest even, and towards zero for integers", () => {
    expect(tensor([1 + 2 ** -11, 1 + 3 * 2 ** -11], { dtype: "float16" }).toArray()).toEqual([1, 1 + 2 ** -9]);
    expect(tensor([1.9, -1.9]).to("int32").toArray()).toEqual([1, -1]);
    expect(tensor([0, 0.1, -3]).to("bool").toArray()).toEqual([0, 1, 1]);
  });

  it("of arrays follow the array's type", () => {
    expect(dtypeOfArray(Buffer.from([1]))).toBe("uint8");
    for (const array of [new Uint8ClampedArray(1), new BigUint64Array(1), new Uint16Array(1), [1], null, "x"]) {
      expect(thrownBy(() => dtypeOfArray(array as TypedArray)).code).toBe("E_DTYPE");
    }
  });

  it("are refused by name and by number when there is none", () => {
    const names = ["float", "Float32", "", "constructor", "__proto__", 6, null, undefined, {}, Symbol("x")];
    for (const name of names) {
      expect(isDType(name)).toBe(false);
      expect(thrownBy(() => dtypeCode(name as DType)).code).toBe("E_DTYPE");
    }
    expect(thrownBy(() => dtypeOfCode(9)).message).toContain("libtorch's type number 9"); // complex64
  });
});
