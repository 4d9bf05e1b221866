/**
 * One picture of the embedded data set: a shape of random place, size, tilt, stretch, colour and fill before a patchy background,
 * with a stroke or a smaller shape of another class about, always with noise. Some pictures are hard: small, pale, cluttered, partly
 * hidden; these are what a network has to learn by heart, so that forgetting and membership attacks have something to find.
 */
import type { SceneRandom } from "./scene-random.ts";
import { sceneShapes } from "./scene-shapes.ts";

/** Width and height in pixels. */
export const SCENE_SIZE = 32;
const PIXELS = SCENE_SIZE * SCENE_SIZE;
export const SCENE_BYTES = 3 * PIXELS;

/** Red, green, blue, each 0 … 255. */
type Colour = readonly [number, number, number];

/** Colour at a point of a shape's own coordinates, -1 … 1. */
type Fill = (u: number, v: number) => Colour;

interface Placement {
  /** Centre in pixels. */
  readonly x: number;
  readonly y: number;
  /** Half width and half height in pixels. */
  readonly radiusU: number;
  readonly radiusV: number;
  readonly tilt: readonly [number, number];
}

/** How a picture is drawn: probabilities, and ranges in pixels and grey levels. */
interface Difficulty {
  readonly radius: readonly [number, number];
  readonly otherShape: number;
  readonly otherRadius: readonly [number, number];
  readonly strokeInFront: number;
  readonly leastContrast: number;
  readonly mostNoise: number;
}

const HARD_SHARE = 0.1;
const plainPicture: Difficulty = {
  radius: [8, 12],
  otherShape: 0.35,
  otherRadius: [2.5, 4.5],
  strokeInFront: 0.12,
  leastContrast: 70,
  mostNoise: 13,
};
const hardPicture: Difficulty = {
  radius: [5.5, 8.5],
  otherShape: 1,
  otherRadius: [4.5, 6.5],
  strokeInFront: 0.8,
  leastContrast: 35,
  mostNoise: 22,
};

/** In label order: the colour that most shapes of a class are near, as the things in photographs have their usual colours. */
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
const USUAL_COLOUR_SHARE = 0.85;

/** Draws a picture of class `label` into `image`, uint8 [3, 32, 32]. */
export function drawScene(image: Uint8Array, label: number, random: SceneRandom): void {
  const canvas = new Float64Array(SCENE_BYTES);
  const difficulty = random.chance(HARD_SHARE) ? hardPicture : plainPicture;
  const ground = mutedColour(random);
  drawBackground(canvas, ground, random);
  if (random.chance(0.5)) drawStroke(canvas, random);
  if (random.chance(difficulty.otherShape)) {
    const other = (label + 1 + random.below(sceneShapes.length - 1)) % sceneShapes.length;
    const paint = anyColour(random);
    drawShape(canvas, other, place(difficulty.otherRadius, random), () => paint);
  }
  const paint = fill(contrastingColour(label, ground, difficulty.leastContrast, random), random);
  drawShape(canvas, label, place(difficulty.radius, random), paint);
  if (random.chance(difficulty.strokeInFront)) drawStroke(canvas, random);
  addNoise(image, canvas, random.between(3, difficulty.mostNoise), random);
}

function place([smallest, largest]: readonly [number, number], random: SceneRandom): Placement {
  const radius = random.between(smallest, largest);
  const stretch = random.between(0.8, 1.25);
  const margin = 0.75 * radius;
  const x = random.between(margin, SCENE_SIZE - margin);
  const y = random.between(margin, SCENE_SIZE - margin);
  return { x, y, radiusU: radius * stretch, radiusV: radius / stretch, tilt: random.tilt(0.4) };
}

function anyColour(random: SceneRandom): Colour {
  return [random.between(20, 235), random.between(20, 235), random.between(20, 235)];
}

function mutedColour(random: SceneRandom): Colour {
  const grey = random.between(50, 200);
  return [grey + random.between(-40, 40), grey + random.between(-40, 40), grey + random.between(-40, 40)];
}

/** A colour for the class, at least `least` away from the background. */
function contrastingColour(label: number, ground: Colour, least: number, random: SceneRandom): Colour {
  const usual = palette[label] ?? ground;
  for (;;) {
    const any = anyColour(random);
    const paint = random.chance(USUAL_COLOUR_SHARE) ? between(usual, any, 0.3) : any;
    const [red, green, blue] = [paint[0] - ground[0], paint[1] - ground[1], paint[2] - ground[2]];
    if (red * red + green * green + blue * blue > least * least) return paint;
  }
}

function between(a: Colour, b: Colour, share: number): Colour {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

/** Plain, shaded, striped or checked. */
function fill(base: Colour, random: SceneRandom): Fill {
  const second = between(base, anyColour(random), 0.5);
  const width = random.between(0.35, 0.7);
  const kinds: readonly Fill[] = [
    () => base,
    (u) => between(base, second, (u + 1) / 2),
    (u) => (Math.floor(u / width) % 2 === 0 ? base : second),
    (u, v) => ((Math.floor(u / width) + Math.floor(v / width)) % 2 === 0 ? base : second),
  ];
  return kinds[random.below(kinds.length)] ?? (() => base);
}

/** A coarse lattice of colours around `ground`, interpolated. */
function drawBackground(canvas: Float64Array, ground: Colour, random: SceneRandom): void {
  const cells = 2 + random.below(4);
  const spread = random.between(5, 45);
  for (const [channel, level] of ground.entries()) {
    const lattice = Array.from({ length: (cells + 1) * (cells + 1) }, () => level + spread * random.between(-1, 1));
    const at = (row: number, column: number): number => lattice[row * (cells + 1) + column] ?? 0;
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      const x = ((pixel % SCENE_SIZE) * cells) / SCENE_SIZE;
      const y = (Math.floor(pixel / SCENE_SIZE) * cells) / SCENE_SIZE;
      const column = Math.floor(x);
      const row = Math.floor(y);
      const upper = at(row, column) + (at(row, column + 1) - at(row, column)) * (x - column);
      const lower = at(row + 1, column) + (at(row + 1, column + 1) - at(row + 1, column)) * (x - column);
      canvas[channel * PIXELS + pixel] = upper + (lower - upper) * (y - row);
    }
  }
}

/** A straight bar across the picture, 1 to 3.5 pixels wide. */
function drawStroke(canvas: Float64Array, random: SceneRandom): void {
  const paint = anyColour(random);
  const [normalX, normalY] = random.direction();
  const offset = random.between(4, 28) * normalX + random.between(4, 28) * normalY;
  const half = random.between(0.5, 1.75);
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    const x = (pixel % SCENE_SIZE) + 0.5;
    const y = Math.floor(pixel / SCENE_SIZE) + 0.5;
    const away = Math.abs(x * normalX + y * normalY - offset);
    blend(canvas, pixel, paint, Math.min(1, Math.max(0, half - away + 0.5)));
  }
}

/** Edges are smoothed with four samples a pixel. */
function drawShape(canvas: Float64Array, label: number, placement: Placement, paint: Fill): void {
  const { x: centreX, y: centreY, radiusU, radiusV, tilt } = placement;
  const contains = sceneShapes[label]?.contains ?? (() => false);
  const reach = 1.5 * Math.max(radiusU, radiusV); // beyond the corners of [-1, 1]²
  const toU = (dx: number, dy: number): number => (dx * tilt[0] + dy * tilt[1]) / radiusU;
  const toV = (dx: number, dy: number): number => (dy * tilt[0] - dx * tilt[1]) / radiusV;
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    const dx = (pixel % SCENE_SIZE) - centreX;
    const dy = Math.floor(pixel / SCENE_SIZE) - centreY;
    if (Math.max(Math.abs(dx), Math.abs(dy)) > reach + 1) continue;
    let covered = 0;
    for (let sample = 0; sample < 4; sample++) {
      const sampleX = dx + (sample % 2 === 0 ? 0.25 : 0.75);
      const sampleY = dy + (sample < 2 ? 0.25 : 0.75);
      if (contains(toU(sampleX, sampleY), toV(sampleX, sampleY))) covered++;
    }
    if (covered > 0) blend(canvas, pixel, paint(toU(dx + 0.5, dy + 0.5), toV(dx + 0.5, dy + 0.5)), covered / 4);
  }
}

/** Moves the pixel's colour towards `paint` by `share`, 0 … 1. */
function blend(canvas: Float64Array, pixel: number, paint: Colour, share: number): void {
  for (let channel = 0; channel < 3; channel++) {
    const index = channel * PIXELS + pixel;
    const old = canvas[index] ?? 0;
    canvas[index] = old + ((paint[channel] ?? 0) - old) * share;
  }
}

function addNoise(image: Uint8Array, canvas: Float64Array, deviation: number, random: SceneRandom): void {
  for (let index = 0; index < canvas.length; index++) {
    const level = (canvas[index] ?? 0) + deviation * random.noise();
    image[index] = Math.min(255, Math.max(0, Math.floor(level + 0.5)));
  }
}
