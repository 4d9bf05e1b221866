/** Plain numbers: counts, ratios, losses, and values with their sign. */

export const MINUS = "\u2212";

/** `12345` to `12,345`. */
export function integer(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** How many times: `8.4`, `12`. */
export function factor(ratio: number): string {
  return ratio >= 10 ? String(Math.round(ratio)) : ratio.toFixed(1);
}

/** Always with its sign: `-0.31` to `−0.3`. @param digits after the point */
export function signed(value: number, digits = 1): string {
  return `${value < 0 ? MINUS : "+"}${Math.abs(value).toFixed(digits)}`;
}

/** A loss: three digits that matter, whatever its size. */
export function loss(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.0001 || size >= 100_000)) return value.toExponential(1).replace("-", MINUS);
  return value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 4).replace("-", MINUS);
}
