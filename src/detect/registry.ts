/** The detectors of poisoned images by name. */
import { Registry } from "../util/registry.ts";
import { activationClustering } from "./activation-clustering.ts";
import { checkDetector, type Detector } from "./detector.ts";
import { spectralSignatures } from "./spectral-signatures.ts";
import { strip } from "./strip.ts";

export const detectorRegistry = new Registry<Detector>(
  "detector",
  [activationClustering, spectralSignatures, strip],
  checkDetector,
);

export const detectors: readonly Detector[] = detectorRegistry.all;

/** @throws CoppiceError E_ARG for an unknown name, suggesting the nearest */
export function detectorNamed(name: string): Detector {
  return detectorRegistry.named(name);
}
