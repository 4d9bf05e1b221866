/**
 * The published curves of figure 6, beside which ours are shown: percent, read from the figure to about 0.3; attack success over all test images.
 *
 * Source  Jia et al., NeurIPS 2023, arXiv:2304.04934, figure 6: CIFAR-10, ResNet-18, BadNets
 */
const publishedSparsities = [0, 0.75, 0.9, 0.95, 0.99] as const;
const published = {
  original: { ASR: [99.9, 100, 100, 100, 100], SA: [94.3, 94.4, 94.1, 93.9, 91.5] },
  FT: { ASR: [46.8, 43.2, 15.4, 14.4, 11.1], SA: [93.5, 94.0, 93.7, 92.8, 89.4] },
  "l1-sparse": { ASR: [13.7], SA: [93.0] },
} as const;

/** A fraction; undefined where the figure shows nothing. @param label original, FT or l1-sparse */
export function publishedBackdoor(label: string, score: "ASR" | "SA", sparsity: number): number | undefined {
  const at = publishedSparsities.findIndex((each) => each === sparsity);
  const value = label in published ? published[label as keyof typeof published][score][at] : undefined;
  return value === undefined ? undefined : value / 100;
}
