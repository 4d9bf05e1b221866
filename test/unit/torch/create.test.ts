import { describe, expect, it } from "vitest";
import {
  arange,
  copyToArray,
  empty,
  eye,
  fromTypedArray,
  full,
  ones,
  rand,
  randint,
  randn,
  type RandomOptions,
  randperm,
  tensor,
  zeros,
} from "../../../src/torch/create.ts";
import type { DType, TypedArray } from "../../../src/torch/dtype.ts";
import { Generator } from "../../../src/torch/generator.ts";
import { thrownBy } from "../../support/thrown-by.ts";

describe("tensor", () => {
  it("makes float32 of plain numbers and keeps the type of typed arrays", () => {
    expect(tensor([1, 2]).dtype).toBe("float32");
    expect(tensor([1.5, -0]).toArray()).toEqual([1.5, -0]);
    expect(tensor(Uint8Array.of(200, 3)).dtype).toBe("uint8");
    expect(tensor(BigInt64Array.of(-5n)).dtype).toBe("int64");
    expect(tensor(Float64Array.of(0.1)).item()).toBe(0.1);
  });

  it("converts, shapes, and takes a scalar's empty shape", () => {
    const x = tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3], dtype: "int32" });
    expect(x.shape).toEqual([2, 3]);
    expect(x.dtype).toBe("int32");
    expect(tensor([7], { shape: [] }).shape).toEqual([]);
    expect(tensor([], { shape: [0, 3] }).shape).toEqual([0, 3]);
  });

  it("copies: later writes to the array do not show", () => {
    for (const data of [Float32Array.of(1, 2), Float64Array.of(1, 2)]) {
      const x = tensor(data, { dtype: "float32", device: "cpu" });
      data[0] = 9;
      expect(x.toArray()).toEqual([1, 2]);
    }
  });

  it.each([
    ["the wrong number of elements", [1, 2, 3], { shape: [2] }, "E_SHAPE", "expected a shape of 3 elements, got [2]"],
    ["a negative size", [1, 2], { shape: [-1, -2] }, "E_SHAPE", "got [-1, -2]"],
    ["half a size", [1, 2], { shape: [0.5, 4] }, "E_SHAPE", "got [0.5, 4]"],
    ["a size that is no number", [1], { shape: [NaN] }, "E_SHAPE", "got [NaN]"],
    ["sizes beyond any memory", [], { shape: [0, 1e300] }, "E_SHAPE", "got [0, 1e+300]"],
    ["a shape that is no list", [1], { shape: 1 }, "E_SHAPE", "got 1"],
    ["text among the numbers", [1, "2"], {}, "E_ARG", "expected numbers, got string at position 1"],
    ["a hole among the numbers", [1, undefined], {}, "E_ARG", "got undefined at position 1"],
    ["no data", null, {}, "E_DTYPE", "expected a typed array that libtorch has a type for, got Null"],
    ["a string", "123", {}, "E_DTYPE", "got String"],
    ["an array type that libtorch lacks", Uint32Array.of(1), {}, "E_DTYPE", "got Uint32Array"],
    ["a view without elements", new DataView(new ArrayBuffer(8)), {}, "E_DTYPE", "got DataView"],
    ["an unknown dtype", [1], { dtype: "float" }, "E_DTYPE", "got float"],
    ["a property of objects as dtype", [1], { dtype: "toString" }, "E_DTYPE", "got toString"],
    ["an unknown device", [1], { device: "gpu" }, "E_NATIVE", "gpu"],
  ])("refuses %s", (_, data, options, code, message) => {
    const error = thrownBy(() => tensor(data as number[], options as { shape: number[] }));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });
});

describe("fromTypedArray", () => {
  const arrays: [TypedArray, DType][] = [
    [Uint8Array.of(1, 2), "uint8"],
    [Int8Array.of(-1, 2), "int8"],
    [Int16Array.of(-1, 2), "int16"],
    [Int32Array.of(-1, 2), "int32"],
    [BigInt64Array.of(-1n, 2n), "int64"],
    [Float32Array.of(-1, 2), "float32"],
    [Float64Array.of(-1, 2), "float64"],
  ];

  it.each(arrays)("shares the memory of %o both ways", (array, dtype) => {
    const x = fromTypedArray(array, [2]);
    expect(x.dtype).toBe(dtype);
    expect(x.toArray()).toEqual(Array.from(array, Number));
    x.fill_(1);
    expect(Array.from(array, Number)).toEqual([1, 1]);
    array[1] = typeof array[1] === "bigint" ? 7n : 7;
    expect(x.toArray()).toEqual([1, 7]);
  });

  it("sees a part of a buffer as a part", () => {
    const whole = Float32Array.of(1, 2, 3, 4);
    const x = fromTypedArray(whole.subarray(1, 3), [2]);
    expect(x.toArray()).toEqual([2, 3]);
    x.zero_();
    expect([...whole]).toEqual([1, 0, 0, 4]);
  });

  it("sees bytes as bool and bit patterns as 16-bit floats", () => {
    expect(fromTypedArray(Uint8Array.of(0, 1), [2], "bool").dtype).toBe("bool");
    expect(fromTypedArray(Uint16Array.of(0x3e00), [1], "float16").item()).toBe(1.5);
    expect(fromTypedArray(Uint16Array.of(0x3fc0), [1], "bfloat16").item()).toBe(1.5);
  });

  it("takes empty arrays and shared memory", () => {
    expect(fromTypedArray(new Float32Array(0), [0, 4]).shape).toEqual([0, 4]);
    const shared = new Int32Array(new SharedArrayBuffer(8));
    fromTypedArray(shared, [2]).fill_(3);
    expect([...shared]).toEqual([3, 3]);
  });

  it("refuses a dtype of other elements, which would read beyond the array", () => {
    const error = thrownBy(() => fromTypedArray(Uint8Array.of(1, 2), [2], "float64"));
    expect(error.code).toBe("E_DTYPE");
    expect(error.message).toBe("fromTypedArray: expected a Float64Array for float64, got Uint8Array");
    expect(thrownBy(() => fromTypedArray(Uint16Array.of(1), [1])).code).toBe("E_DTYPE");
  });

  it("refuses memory that can shrink, and keeps the rest from being taken away", () => {
    type Resizable = new (size: number, options: { maxByteLength: number }) => ArrayBuffer;
    const resizable = new (ArrayBuffer as unknown as Resizable)(8, { maxByteLength: 16 });
    const error = thrownBy(() => fromTypedArray(new Float32Array(resizable), [2]));
    expect(error.message).toBe("fromTypedArray: expected memory of fixed size, got a resizable ArrayBuffer");

    const array = Float32Array.of(1, 2);
    const x = fromTypedArray(array, [2]);
    try {
      structuredClone(array, { transfer: [array.buffer] });
    } catch (error_) {
      expect((error_ as Error).name).toBe("DataCloneError"); // refused by newer Node, ignored by Node 20
    }
    expect(array.length).toBe(2);
    expect(x.toArray()).toEqual([1, 2]);
  });
});

describe("creators", () => {
  it("fill as their name says", () => {
    expect(zeros([2]).toArray()).toEqual([0, 0]);
    expect(ones([2], { dtype: "int64" }).toArray()).toEqual([1, 1]);
    expect(full([2], 1.5, { dtype: "float64" }).toArray()).toEqual([1.5, 1.5]);
    expect(eye(2).toArray()).toEqual([1, 0, 0, 1]);
    expect(empty([2, 0, 3]).shape).toEqual([2, 0, 3]);
    expect(arange(1, 4).toArray()).toEqual([1, 2, 3]);
    expect(arange(0, 1, 0.25, { dtype: "float32" }).toArray()).toEqual([0, 0.25, 0.5, 0.75]);
  });

  it("have PyTorch's default types", () => {
    expect(zeros([1]).dtype).toBe("float32");
    expect(arange(0, 3).dtype).toBe("int64");
    using generator = Generator.seeded(0);
    expect(rand([1], { generator }).dtype).toBe("float32");
    expect(randint(0, 3, [1], { generator }).dtype).toBe("int64");
    expect(randperm(3, { generator }).dtype).toBe("int64");
    expect(randn([1], { generator, dtype: "float64" }).dtype).toBe("float64");
  });

  it("refuse impossible shapes and settings", () => {
    const bad = [[-1], [2 ** 53, 2 ** 53], [NaN], null, undefined, ["2"]];
    for (const shape of bad) expect(thrownBy(() => zeros(shape as number[])).code).toBe("E_NATIVE");
    expect(thrownBy(() => zeros([1], { dtype: "float" as DType })).code).toBe("E_DTYPE");
    expect(thrownBy(() => zeros([1], { device: "cuda:99" })).code).toBe("E_NATIVE");
    expect(thrownBy(() => eye(-1)).code).toBe("E_NATIVE");
    expect(thrownBy(() => arange(0, 1, 0)).message).toContain("step must be nonzero");
    expect(thrownBy(() => full([1], "x" as unknown as number)).code).toBe("E_NATIVE");
  });

  it("never draw from libtorch's own generator", () => {
    for (const options of [{}, { generator: undefined }, { generator: null }, { generator: 5 }]) {
      const given = options as unknown as RandomOptions;
      const draws = [
        () => rand([1], given),
        () => randn([1], given),
        () => randint(0, 2, [1], given),
        () => randperm(2, given),
        () => zeros([1]).normal_(0, 1, given.generator),
        () => zeros([1]).uniform_(0, 1, given.generator),
        () => zeros([1]).bernoulli_(0.5, given.generator),
      ];
      for (const draw of draws) expect(thrownBy(draw).message).toMatch(/^generator: expected a Generator, got/);
    }
  });
});

describe("copyToArray", () => {
  it("gives the elements in row-major order, converted to the array's type, in memory of JavaScript's own", () => {
    const from = tensor([1, 0, 2.5, 3, 4, 5], { shape: [2, 3] }).t();
    const array = new Float64Array(6);
    expect(copyToArray(from, array)).toBe(array);
    expect([...array]).toEqual([1, 3, 0, 4, 2.5, 5]);
    from.zero_();
    expect(array[0]).toBe(1);
    expect([...copyToArray(tensor([0, 7]).ne(0), new Uint8Array(2))]).toEqual([0, 1]);
    expect(thrownBy(() => copyToArray(from, new Float32Array(5))).code).toBe("E_SHAPE");
  });
});
