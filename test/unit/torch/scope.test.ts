import { beforeEach, describe, expect, it } from "vitest";
import { ones, tensor, zeros } from "../../../src/torch/create.ts";
import { keep, liveTensors, scope } from "../../../src/torch/scope.ts";
import type { Tensor } from "../../../src/torch/tensor.ts";
import { thrownBy } from "../../support/thrown-by.ts";

describe("scope", () => {
  let before = 0;
  beforeEach(() => {
    before = liveTensors();
  });

  it("frees what was made in it and returns the result alive", () => {
    const result = scope(() => {
      const x = ones([3]);
      const y = x.add(1).mul(2);
      expect(liveTensors()).toBe(before + 3);
      return y;
    });
    expect(result.toArray()).toEqual([4, 4, 4]);
    expect(liveTensors()).toBe(before + 1);
    result.dispose();
    expect(liveTensors()).toBe(before);
  });

  it("finds tensors in arrays, maps, sets and plain objects", () => {
    const made = (): Tensor => ones([1]).add(1);
    const returned = scope(() => ({
      list: [made(), [made()]],
      map: new Map([["a", made()]]),
      set: new Set([made()]),
      deep: { er: { est: made() } },
      other: [5, "x", null, undefined],
    }));
    expect(liveTensors()).toBe(before + 5);
    const [set] = returned.set;
    const tensors = [returned.list[0], (returned.list[1] as Tensor[])[0], returned.map.get("a"), set];
    for (const item of [...tensors, returned.deep.er.est]) {
      expect((item as Tensor).item()).toBe(2);
      (item as Tensor).dispose();
    }
    expect(liveTensors()).toBe(before);
  });

  it("survives results that contain themselves", () => {
    interface Ring {
      next?: Ring;
      value: Tensor;
    }
    const ring = scope(() => {
      const made: Ring = { value: ones([1]) };
      made.next = made;
      return made;
    });
    expect(ring.next?.value.item()).toBe(1);
    ring.value.dispose();
  });

  it("passes results outwards through nested scopes", () => {
    const outer = scope(() => {
      const inner = scope(() => scope(() => ones([2]).add(1)));
      expect(inner.toArray()).toEqual([2, 2]);
      return inner.add(1);
    });
    expect(outer.toArray()).toEqual([3, 3]);
    expect(liveTensors()).toBe(before + 1);
    outer.dispose();
  });

  it("keeps hold of nothing made outside", () => {
    const outside = ones([1]);
    scope(() => {
      outside.add(1);
    });
    expect(outside.isDisposed).toBe(false);
    expect(scope(() => outside)).toBe(outside);
    outside.dispose();
    expect(liveTensors()).toBe(before);
  });

  it("frees everything when its function throws, also in nested scopes", () => {
    for (let i = 0; i < 10; i++) {
      expect(() =>
        scope(() => {
          ones([1]);
          scope(() => {
            ones([1]).add(1);
            throw new RangeError("wanted");
          });
        }),
      ).toThrow("wanted");
    }
    expect(liveTensors()).toBe(before);
    const after = ones([1]);
    expect(after.owner).toBeNull();
    after.dispose();
  });

  it("frees everything when an operator throws", () => {
    expect(thrownBy(() => scope(() => ones([2, 2]).mm(ones([3, 3])))).code).toBe("E_NATIVE");
    expect(liveTensors()).toBe(before);
  });

  it("does not mind tensors disposed in it, returned or not", () => {
    const gone = scope(() => {
      const x = ones([1]);
      x.dispose();
      x.dispose();
      return x;
    });
    expect(gone.isDisposed).toBe(true);
    expect(liveTensors()).toBe(before);
  });

  it("refuses an asynchronous function and frees what it made", async () => {
    const error = thrownBy(() =>
      scope(async () => {
        ones([1]);
        await Promise.resolve();
        throw new RangeError("never reported");
      }),
    );
    expect(error.code).toBe("E_ARG");
    expect(error.message).toBe("scope: expected a synchronous function, got one that returns a promise");
    expect(error.hint).toContain("inside of the asynchronous function");
    await Promise.resolve();
    expect(liveTensors()).toBe(before);
  });

  it("leaves what autograd needs alive behind the handles", () => {
    const weight = tensor([2, 3]);
    weight.requiresGrad = true;
    const loss = scope(() => weight.mul(weight).mul(5).sum());
    expect(liveTensors()).toBe(before + 2);
    loss.backward();
    scope(() => expect(weight.grad?.toArray()).toEqual([20, 30]));
    loss.dispose();
    weight.dispose();
    expect(liveTensors()).toBe(before);
  });
});

describe("keep", () => {
  it("takes a tensor out of all scopes around it", () => {
    const before = liveTensors();
    let kept: Tensor | undefined;
    scope(() => {
      scope(() => {
        kept = keep(ones([1]));
        zeros([1]);
      });
    });
    expect(kept?.item()).toBe(1);
    expect(liveTensors()).toBe(before + 1);
    kept?.dispose();
    expect(liveTensors()).toBe(before);
  });

  it("changes nothing for a tensor without scope, or kept already", () => {
    const x = ones([1]);
    expect(keep(keep(x))).toBe(x);
    expect(x.owner).toBeNull();
    x.dispose();
  });
});
