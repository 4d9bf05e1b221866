/** The ten classes of the embedded data set: shapes as inside/outside tests on the square [-1, 1]². */

export interface SceneShape {
  readonly name: string;
  /** Whether the point is inside; u to the right, v downwards. */
  readonly contains: (u: number, v: number) => boolean;
}

const starPoints: readonly number[] = [
  0, -1, 0.2245, -0.309, 0.9511, -0.309, 0.3633, 0.118, 0.5878, 0.809, 0, 0.382, -0.5878, 0.809, -0.3633, 0.118,
  -0.9511, -0.309, -0.2245, -0.309,
];
const arrowPoints: readonly number[] = [-1, -0.3, 0.1, -0.3, 0.1, -0.85, 1, 0, 0.1, 0.85, 0.1, 0.3, -1, 0.3];

/** In label order. */
export const sceneShapes: readonly SceneShape[] = [
  { name: "disc", contains: (u, v) => u * u + v * v < 0.81 },
  { name: "ring", contains: (u, v) => within(u * u + v * v, 0.3, 0.92) },
  { name: "crescent", contains: (u, v) => u * u + v * v < 0.92 && square(u - 0.42) + v * v > 0.55 },
  { name: "heart", contains: (u, v) => heart(1.2 * u, -1.2 * v + 0.1) },
  { name: "triangle", contains: (u, v) => v < 0.7 && v > -0.85 && Math.abs(u) < (v + 0.85) * 0.6 },
  { name: "square", contains: (u, v) => Math.abs(u) < 0.76 && Math.abs(v) < 0.76 },
  { name: "frame", contains: (u, v) => within(Math.max(Math.abs(u), Math.abs(v)), 0.44, 0.8) },
  {
    name: "cross",
    contains: (u, v) => Math.min(Math.abs(u), Math.abs(v)) < 0.27 && Math.max(Math.abs(u), Math.abs(v)) < 0.92,
  },
  { name: "star", contains: (u, v) => insidePolygon(starPoints, u, v) },
  { name: "arrow", contains: (u, v) => insidePolygon(arrowPoints, u, v) },
];

function square(x: number): number {
  return x * x;
}

function within(x: number, low: number, high: number): boolean {
  return x > low && x < high;
}

/** (x² + y² − 1)³ < x² y³, the classical algebraic heart. */
function heart(x: number, y: number): boolean {
  const ring = x * x + y * y - 1;
  return ring * ring * ring < x * x * y * y * y;
}

/** Even-odd rule; `points` are x, y in turn. */
function insidePolygon(points: readonly number[], x: number, y: number): boolean {
  let inside = false;
  const count = points.length;
  for (let i = 0, j = count - 2; i < count; j = i, i += 2) {
    const xi = points[i] as number;
    const yi = points[i + 1] as number;
    const xj = points[j] as number;
    const yj = points[j + 1] as number;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}
