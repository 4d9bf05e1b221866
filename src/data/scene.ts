/**
 * One picture of the embedded data set: a shape with random place, size, turn, stretch, colour and fill, in front of
 * a patchy background with strokes and small shapes of other classes, sometimes partly hidden, always with noise.
 */
import { SceneRandom } from "./scene-random.ts";
import { sceneShapes } from "./scene-shapes.ts";

export const SCENE_SIZE = 32;
const PIXELS = SCENE_SIZE * SCENE_SIZE;

type Colour = readonly [number, number, number];

/** The colour a class often has, near the corners and face centres of the colour cube. */
const palette: readonly Colour[] = [
  [220, 60, 50],
  [240, 150, 40],
  [230, 220, 70],
  [240, 110, 170],
  [70, 180, 70],
  [60, 90, 210],
  [70, 200, 210],
  [150, 70, 190],
  [225, 225, 225],
  [110, 75, 45],
];

interface Placement {
  readonly x: number;
  readonly y: number;
  /** Half width and half height in pixels. */
  readonly radiusU: number;
  readonly radiusV: number;
  readonly turn: readonly [number, number];
}

/** Colour of a point in the shape's own coordinates. */
type Fill = (u: number, v: number) => Colour;

/** Draws the picture of `label` into `image`, uint8 [3, 32, 32]. */
export function drawScene(image: Uint8Array, label: number, random: SceneRandom): void {
  const canvas = new Float64Array(3 * PIXELS);
  const hard = random.chance(0.15);
  const ground = muted(random);
  drawBackground(canvas, ground, random);
  if (random.chance(0.5)) drawStroke(canvas, colour(random), random);
  if (random.chance(hard ? 1 : 0.4)) {
    const other = (label + 1 + random.below(sceneShapes.length - 1)) % sceneShapes.length;
    drawShape(canvas, other, place(random, hard ? 4.5 : 2.5, hard ? 6.5 : 4.5), plain(colour(random)));
  }
  drawShape(
    canvas,
    label,
    place(random, hard ? 5 : 7.5, hard ? 8 : 12),
    fill(objectColour(label, ground, hard, random), random),
  );
  if (random.chance(hard ? 0.8 : 0.2)) drawStroke(canvas, colour(random), random);
  addNoise(image, canvas, random.between(3, hard ? 30 : 15), random);
}

function muted(random: SceneRandom): Colour {
  const grey = random.between(50, 200);
  return [grey + random.between(-40, 40), grey + random.between(-40, 40), grey + random.between(-40, 40)];
}

function place(random: SceneRandom, smallest: number, largest: number): Placement {
  const radius = random.between(smallest, largest);
  const stretch = random.between(0.8, 1.25);
  const margin = 0.75 * radius;
  return {
    x: random.between(margin, SCENE_SIZE - margin),
    y: random.between(margin, SCENE_SIZE - margin),
    radiusU: radius * stretch,
    radiusV: radius / stretch,
    turn: random.tilt(0.4),
  };
}

function colour(random: SceneRandom): Colour {
  return [random.between(20, 235), random.between(20, 235), random.between(20, 235)];
}

/** A colour that stands out from the background: farther from it than the least contrast. */
function objectColour(label: number, ground: Colour, hard: boolean, random: SceneRandom): Colour {
  const least = hard ? 35 : 70;
  const usual = palette[label] as Colour;
  for (;;) {
    const candidate = random.chance(0.8) ? mixColours(usual, colour(random), 0.35) : colour(random);
    if (distance(candidate, ground) > least) return candidate;
  }
}

function distance(a: Colour, b: Colour): number {
  return Math.sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]));
}

function mixColours(a: Colour, b: Colour, share: number): Colour {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

function plain(only: Colour): Fill {
  return () => only;
}

/** Plain, shaded, striped or checked. */
function fill(base: Colour, random: SceneRandom): Fill {
  const second = mixColours(base, colour(random), 0.5);
  const kind = random.below(4);
  const period = random.between(0.35, 0.7);
  if (kind === 1) return (u) => mixColours(base, second, (u + 1) / 2);
  if (kind === 2) return (u) => (Math.floor(u / period) % 2 === 0 ? base : second);
  if (kind === 3) return (u, v) => ((Math.floor(u / period) + Math.floor(v / period)) % 2 === 0 ? base : second);
  return plain(base);
}

/** Coarse lattice of colours around `ground`, interpolated. */
function drawBackground(canvas: Float64Array, ground: Colour, random: SceneRandom): void {
  const cells = 2 + random.below(4);
  const spread = random.between(5, 45);
  for (let channel = 0; channel < 3; channel++) {
    const lattice = Array.from(
      { length: (cells + 1) * (cells + 1) },
      () => (ground[channel] as number) + spread * random.between(-1, 1),
    );
    for (let y = 0; y < SCENE_SIZE; y++) {
      for (let x = 0; x < SCENE_SIZE; x++) {
        canvas[channel * PIXELS + y * SCENE_SIZE + x] = interpolate(
          lattice,
          cells,
          (x * cells) / SCENE_SIZE,
          (y * cells) / SCENE_SIZE,
        );
      }
    }
  }
}

function interpolate(lattice: readonly number[], cells: number, x: number, y: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const at = row * (cells + 1) + column;
  const top = (lattice[at] as number) + ((lattice[at + 1] as number) - (lattice[at] as number)) * (x - column);
  const below = at + cells + 1;
  const bottom =
    (lattice[below] as number) + ((lattice[below + 1] as number) - (lattice[below] as number)) * (x - column);
  return top + (bottom - top) * (y - row);
}

/** A bar across the picture, 1 to 3.5 pixels wide. */
function drawStroke(canvas: Float64Array, paint: Colour, random: SceneRandom): void {
  const [nx, ny] = random.direction();
  const offset = random.between(4, 28) * nx + random.between(4, 28) * ny;
  const half = random.between(0.5, 1.75);
  for (let y = 0; y < SCENE_SIZE; y++) {
    for (let x = 0; x < SCENE_SIZE; x++) {
      const away = Math.abs((x + 0.5) * nx + (y + 0.5) * ny - offset);
      blend(canvas, y * SCENE_SIZE + x, paint, Math.min(1, Math.max(0, half - away + 0.5)));
    }
  }
}

/** Four samples a pixel. */
function drawShape(canvas: Float64Array, label: number, at: Placement, paint: Fill): void {
  const shape = sceneShapes[label];
  if (shape === undefined) return;
  const reach = Math.max(at.radiusU, at.radiusV) * 1.42;
  const [cos, sin] = at.turn;
  for (let y = Math.max(0, Math.floor(at.y - reach)); y < Math.min(SCENE_SIZE, at.y + reach); y++) {
    for (let x = Math.max(0, Math.floor(at.x - reach)); x < Math.min(SCENE_SIZE, at.x + reach); x++) {
      let covered = 0;
      for (let sample = 0; sample < 4; sample++) {
        const dx = x + 0.25 + 0.5 * (sample & 1) - at.x;
        const dy = y + 0.25 + 0.5 * (sample >> 1) - at.y;
        if (shape.contains((dx * cos + dy * sin) / at.radiusU, (dy * cos - dx * sin) / at.radiusV)) covered++;
      }
      if (covered === 0) continue;
      const dx = x + 0.5 - at.x;
      const dy = y + 0.5 - at.y;
      const tint = paint((dx * cos + dy * sin) / at.radiusU, (dy * cos - dx * sin) / at.radiusV);
      blend(canvas, y * SCENE_SIZE + x, tint, covered / 4);
    }
  }
}

function blend(canvas: Float64Array, pixel: number, paint: Colour, share: number): void {
  for (let channel = 0; channel < 3; channel++) {
    const index = channel * PIXELS + pixel;
    const old = canvas[index] as number;
    canvas[index] = old + ((paint[channel] as number) - old) * share;
  }
}

function addNoise(image: Uint8Array, canvas: Float64Array, deviation: number, random: SceneRandom): void {
  for (let i = 0; i < canvas.length; i++) {
    const value = Math.floor((canvas[i] as number) + deviation * random.noise() + 0.5);
    image[i] = Math.min(255, Math.max(0, value));
  }
}
