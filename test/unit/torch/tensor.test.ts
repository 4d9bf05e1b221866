import { describe, expect, it } from "vitest";
import { arange, fromTypedArray, ones, tensor, zeros } from "../../../src/torch/create.ts";
import { Tensor } from "../../../src/torch/tensor.ts";
import { thrownBy } from "../../support/thrown-by.ts";

describe("what a tensor says of itself", () => {
  it("is shape, type, device and size", () => {
    const x = zeros([2, 0, 3], { dtype: "int16" });
    expect(x.shape).toEqual([2, 0, 3]);
    expect(x.dim()).toBe(3);
    expect(x.numel).toBe(0);
    expect(x.dtype).toBe("int16");
    expect(x.device).toBe("cpu");
    expect(String(x)).toBe("Tensor(shape=[2, 0, 3], dtype=int16, device=cpu)");
    const scalar = tensor([4], { shape: [] });
    expect([scalar.shape, scalar.dim(), scalar.numel]).toEqual([[], 0, 1]);
  });

  it("is its values: item, toArray, data", () => {
    expect(tensor([2.5]).item()).toBe(2.5);
    expect(tensor([1], { dtype: "bool" }).item()).toBe(1);
    const x = tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3] });
    expect(x.t().toArray()).toEqual([1, 4, 2, 5, 3, 6]); // row-major, whatever the layout
    expect(x.data()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
    expect(zeros([0]).toArray()).toEqual([]);
    expect(zeros([0]).data()).toEqual(new Float32Array(0));
    expect(thrownBy(() => x.item()).message).toMatch(/^item\(Tensor\[2, 3\]\): .*6 elements/);
    expect(thrownBy(() => x.t().data()).message).toContain("only contiguous tensors on the CPU");
  });

  it("is refused where this library has no type for it", () => {
    const complex = tensor([1, 2], { shape: [1, 2] });
    const error = thrownBy(() => complex.to("complex64"));
    expect(error.code).toBe("E_NATIVE"); // not one of our types, so taken for a device
  });
});

describe("zero copy", () => {
  it("data() is the tensor's memory, in a new array each time", () => {
    const x = zeros([3]);
    const [one, other] = [x.data(), x.data()];
    one[0] = 5;
    expect(other[0]).toBe(5);
    x.add_(1);
    expect([...one]).toEqual([6, 1, 1]);
    expect(x.select(0, 1).data()).toEqual(Float32Array.of(1));
    x.narrow(0, 1, 2).data()[0] = 9;
    expect(x.toArray()).toEqual([6, 9, 1]);
  });

  it("data() outlives dispose", () => {
    const x = ones([1000]);
    const view = x.data();
    x.dispose();
    for (let i = 0; i < 50; i++) zeros([1000]).dispose(); // would reuse the memory, were it free
    expect(view.every((value) => value === 1)).toBe(true);
    view[0] = 3;
    expect(view[0]).toBe(3);
  });

  it("goes round: array to tensor to array", () => {
    const array = Float64Array.of(1, 2, 3);
    const back = fromTypedArray(array, [3]).data();
    back[2] = 7;
    expect([...array]).toEqual([1, 2, 7]);
  });
});

describe("to", () => {
  it("converts type and device, and shares when there is nothing to convert", () => {
    const x = tensor([1.5, 2.5]);
    expect(x.to("int64").toArray()).toEqual([1, 2]);
    const same = x.to("float32");
    expect(same).not.toBe(x);
    same.fill_(0);
    expect(x.toArray()).toEqual([0, 0]);
    expect(x.to("cpu").dtype).toBe("float32");
  });

  it.each([undefined, null, 5, "float", "toString", "cuda:99", {}])("refuses %s", (target) => {
    expect(thrownBy(() => ones([1]).to(target as string)).code).toBe("E_NATIVE");
  });
});

describe("share", () => {
  it("gives a second owner", () => {
    const x = ones([2]);
    const other = x.share();
    x.dispose();
    expect(other.toArray()).toEqual([1, 1]);
    other.dispose();
  });
});

describe("gradients", () => {
  it("accumulate over backward passes until forgotten", () => {
    const x = tensor([1, 2]);
    expect(x.requiresGrad).toBe(false);
    x.requiresGrad = true;
    expect(x.grad).toBeNull();
    x.mul(3).sum().backward();
    x.square().sum().backward();
    expect(x.grad?.toArray()).toEqual([5, 7]);
    x.grad = null;
    expect(x.grad).toBeNull();
  });

  it("take a gradient of the output, and a second pass over a kept graph", () => {
    const x = tensor([1, 2]);
    x.requiresGrad = true;
    const y = x.square();
    y.backward(tensor([1, 10]), { retainGraph: true });
    y.backward(tensor([1, 10]));
    expect(x.grad?.toArray()).toEqual([4, 80]);
    expect(thrownBy(() => y.backward(tensor([1, 10]))).message).toMatch(/^backward\(Tensor\[2\]\): .*second time/);
  });

  it("stop at detach", () => {
    const x = tensor([3]);
    x.requiresGrad = true;
    x.mul(x.detach()).backward();
    expect(x.grad?.item()).toBe(3);
    expect(x.detach().requiresGrad).toBe(false);
  });

  it("can be set, to one that fits", () => {
    const x = ones([2, 2]);
    x.grad = x.mul(5);
    expect(x.grad?.toArray()).toEqual([5, 5, 5, 5]);
    const misfits = [ones([4]), ones([2, 2], { dtype: "float64" })];
    for (const misfit of misfits) {
      const error = thrownBy(() => (x.grad = misfit));
      expect(error.code).toBe("E_SHAPE");
      expect(error.message).toBe(`grad: expected ${String(x)}, got ${String(misfit)}`);
    }
    for (const bad of [x, undefined, 5, {}]) expect(thrownBy(() => (x.grad = bad as Tensor)).code).toBe("E_ARG");
    expect(x.grad?.toArray()).toEqual([5, 5, 5, 5]);
  });

  it("are refused for integers, outputs without graph and bad gradients", () => {
    const counts = arange(0, 3);
    expect(thrownBy(() => (counts.requiresGrad = true)).message).toContain("requiresGrad(Tensor[3], true)");
    expect(thrownBy(() => ones([1]).backward()).code).toBe("E_NATIVE");
    const x = ones([2]);
    x.requiresGrad = true;
    expect(thrownBy(() => x.mul(2).backward()).message).toContain("scalar outputs");
    for (const bad of [null, 5, {}, ones([3])]) {
      expect(thrownBy(() => x.mul(2).backward(bad as Tensor)).code).toBe("E_NATIVE");
    }
  });
});

describe("a disposed tensor", () => {
  it("says so whatever is asked of it", () => {
    const x = ones([2]);
    const other = ones([2]);
    x.dispose();
    x[Symbol.dispose]();
    expect(x.isDisposed).toBe(true);
    expect(String(x)).toBe("Tensor(disposed)");
    const reads = [
      () => x.shape,
      () => x.dtype,
      () => x.device,
      () => x.numel,
      () => x.dim(),
      () => x.requiresGrad,
      () => (x.requiresGrad = true),
      () => x.grad,
      () => (x.grad = null),
      () => (other.grad = x),
      () => x.item(),
      () => x.toArray(),
      () => x.data(),
      () => x.share(),
      () => x.to("cpu"),
    ];
    for (const read of reads) expect(thrownBy(read).message).toMatch(/disposed/i);
    const calls = [() => x.add(1), () => other.add(x), () => x.to("int64"), () => x.backward(), () => x.add_(other)];
    for (const call of calls) expect(thrownBy(call).message).toContain("this tensor was disposed");
    expect(other.toArray()).toEqual([1, 1]);
  });
});

describe("made-up handles", () => {
  const live = ones([3]);
  const [slot, generation] = [live.id % 2 ** 24, Math.floor(live.id / 2 ** 24)];
  const neighbours = [
    slot + (generation - 1) * 2 ** 24,
    slot + (generation + 1) * 2 ** 24,
    2 ** 24 - 1 + generation * 2 ** 24,
  ];

  it.each([0, -0, 1, -1, 0.5, NaN, Infinity, -Infinity, 2 ** 24, 2 ** 48 - 1, 2 ** 53, 1e300, -live.id, ...neighbours])(
    "%d is no tensor",
    (handle) => {
      const fake = new Tensor(handle);
      expect(thrownBy(() => fake.add(1)).message).toContain("this tensor was disposed, or never was one");
      expect(() => fake.shape).toThrow("this tensor was disposed, or never was one");
      fake.dispose();
      expect(live.toArray()).toEqual([1, 1, 1]);
    },
  );
});
