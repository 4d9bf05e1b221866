/** The detectors of poisoned images by name. */
import { expectChoice } from "../util/assert.ts";
import { invariant } from "../util/errors.ts";
import { activationClustering } from "./activation-clustering.ts";
import type { Detector } from "./detector.ts";
import { spectralSignatures } from "./spectral-signatures.ts";
import { strip } from "./strip.ts";

export const detectors: readonly Detector[] = [activationClustering, spectralSignatures, strip];

/** @throws CoppiceError E_ARG for an unknown name, suggesting the nearest. */
export function detectorNamed(name: string): Detector {
  const names = detectors.map((detector) => detector.name);
  const found = detectors.find((detector) => detector.name === expectChoice("detector", name, names));
  invariant(found, `no detector ${name}`);
  return found;
}
