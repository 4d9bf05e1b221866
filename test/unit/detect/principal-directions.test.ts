import { expect, it } from "vitest";
import { principalCoordinates } from "../../../src/detect/principal-directions.ts";
import { scope, tensor } from "../../../src/torch/index.ts";

it("are the centred points along the directions in which they vary most, the most varying first", () => {
  // Along (3, 4) / 5 by 5 t, across it by u, around (10, 20).
  const [along, across] = [
    [-2, -1, 0, 1, 2],
    [1, -2, 2, -2, 1],
  ];
  const points = (along ?? []).flatMap((t, i) => {
    const u = (across?.[i] ?? 0) / 10;
    return [10 + 3 * t - 0.8 * u, 20 + 4 * t + 0.6 * u];
  });
  const [first, second] = scope(() => {
    const coordinates = principalCoordinates(tensor(points, { shape: [5, 2], dtype: "float64" }), 3);
    expect(coordinates.shape).toEqual([5, 2]);
    return [coordinates.select(1, 0).toArray(), coordinates.select(1, 1).toArray()];
  });
  const sign = Math.sign(first?.[4] ?? 0);
  [-10, -5, 0, 5, 10].forEach((value, i) => expect(sign * (first?.[i] ?? NaN)).toBeCloseTo(value, 10));
  expect(Math.abs(second?.[1] ?? NaN)).toBeCloseTo(0.2, 10);
});
