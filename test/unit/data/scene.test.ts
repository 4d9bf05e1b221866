import { expect, it } from "vitest";
import { drawScene, SCENE_BYTES, SCENE_SIZE } from "../../../src/data/scene.ts";
import { SceneRandom } from "../../../src/data/scene-random.ts";
import { sceneShapes } from "../../../src/data/scene-shapes.ts";
import { RandomState } from "../../../src/util/random-state.ts";

function drawn(label: number, seed: number): Uint8Array {
  const image = new Uint8Array(SCENE_BYTES);
  drawScene(image, label, new SceneRandom(new RandomState(seed)));
  return image;
}

it("fills three planes of 32x32", () => {
  expect([SCENE_SIZE, SCENE_BYTES]).toEqual([32, 3 * 32 * 32]);
  for (const plane of [0, 1, 2]) {
    const levels = new Set(drawn(3, 1).subarray(plane * 1024, (plane + 1) * 1024));
    expect(levels.size).toBeGreaterThan(20);
  }
});

it("draws the same from the same stream, and another picture for another class or stream", () => {
  expect(drawn(0, 5)).toEqual(drawn(0, 5));
  expect(drawn(0, 5)).not.toEqual(drawn(1, 5));
  expect(drawn(0, 5)).not.toEqual(drawn(0, 6));
});

it("gives each class a usual colour, which does not settle the class", () => {
  const averages = sceneShapes.map((_, label) => {
    const sums = [0, 0, 0];
    for (let seed = 0; seed < 200; seed++) {
      for (const [i, level] of drawn(label, seed).entries()) {
        const plane = Math.floor(i / 1024);
        sums[plane] = (sums[plane] ?? 0) + level / (200 * 1024);
      }
    }
    return sums;
  });
  // classes 0 (reddish) and 5 (bluish), same streams otherwise
  const [red, blue] = [averages[0] ?? [], averages[5] ?? []];
  expect((red[0] ?? 0) - (blue[0] ?? 0)).toBeGreaterThan(5);
  expect((blue[2] ?? 0) - (red[2] ?? 0)).toBeGreaterThan(5);
  expect((red[0] ?? 0) - (blue[0] ?? 0)).toBeLessThan(60);
});
