import { afterEach, describe, expect, it } from "vitest";
import { tensor } from "../../../src/torch/create.ts";
import {
  checkDevice,
  cudaAvailable,
  getNumThreads,
  libtorchConfiguration,
  libtorchVersion,
  setNumThreads,
} from "../../../src/torch/runtime.ts";
import { thrownBy } from "../../support/thrown-by.ts";

describe("threads", () => {
  const before = getNumThreads();
  afterEach(() => setNumThreads(before));

  it("can be set, with the same results", () => {
    const values = Float32Array.from({ length: 100_000 }, (_, i) => Math.sin(i));
    const products = [1, 2, 3].map((count) => {
      setNumThreads(count);
      expect(getNumThreads()).toBe(count);
      return tensor(values).mul(3).data();
    });
    expect(products[1]).toEqual(products[0]);
    expect(products[2]).toEqual(products[0]);
  });

  it.each([0, -1, 0.5, NaN, Infinity, 1025, 2 ** 32 + 1, "2", null, undefined])("refuses %s", (count) => {
    const error = thrownBy(() => setNumThreads(count as number));
    expect(error.code).toBe("E_ARG");
    expect(error.message).toMatch(/^threads: expected an integer >= 1 and <= 1024, got/);
    expect(getNumThreads()).toBe(before);
  });
});

describe("versions and devices", () => {
  it("are libtorch's", () => {
    expect(libtorchVersion()).toMatch(/^\d+\.\d+\.\d+/);
    expect(libtorchConfiguration()).toContain("PyTorch built with");
  });

  it("checkDevice accepts what this machine has", () => {
    expect(checkDevice("cpu")).toBe("cpu");
    if (cudaAvailable()) expect(checkDevice("cuda:0")).toBe("cuda:0");
    else expect(thrownBy(() => checkDevice("cuda")).message).toContain("(0 CUDA devices), got cuda");
    expect(thrownBy(() => checkDevice("cuda:99")).code).toBe("E_CONFIG");
  });

  it.each(["", "gpu", "cpu:0", "cuda:", "cuda:x", "CUDA", "cuda:0 "])("checkDevice refuses %o", (device) => {
    expect(thrownBy(() => checkDevice(device)).message).toBe(
      `device: expected cpu, cuda or cuda:N, got ${JSON.stringify(device)}`,
    );
  });
});
