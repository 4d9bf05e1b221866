import { describe, expect, it } from "vitest";
import { zeros } from "../../../../src/torch/index.ts";
import { groupsOfRows } from "../../../../src/unlearn/tools/inverse-fisher.ts";

// The product itself: influence.test.ts, against the golden inverses.
describe("parts of the parameters whose gradients fit into memory", () => {
  const parameters = new Map([
    ["a", zeros([4, 10])],
    ["b", zeros([3])],
    ["c", zeros([5, 8, 2, 2])],
  ]);
  const bytes = (images: number, numel: number): number => 4 * images * numel;

  it.each([1, 100, 700, 5000, 1e9])("hold every row once, in %s bytes where a row fits", (limit) => {
    const groups = groupsOfRows(parameters, 2, limit);
    const seen = groups
      .flat()
      .flatMap(({ name, start, count }) => Array.from({ length: count }, (_, i) => `${name}${start + i}`));
    expect(seen).toEqual([4, 3, 5].flatMap((rows, i) => Array.from({ length: rows }, (_, r) => `${"abc"[i]}${r}`)));
    for (const group of groups) {
      const total = group.reduce((sum, { name, count }) => {
        const { shape, numel } = parameters.get(name) ?? zeros([1]);
        return sum + (count * bytes(2, numel)) / (shape[0] ?? 1);
      }, 0);
      const rows = group.reduce((sum, { count }) => sum + count, 0);
      expect(total <= limit || rows === 1, JSON.stringify(group)).toBe(true);
    }
    if (limit === 1e9) expect(groups).toHaveLength(1);
  });
});
