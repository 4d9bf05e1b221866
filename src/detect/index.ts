/** Detectors of poisoned training images. */
export { defineDetector, type Detection, type Detector, type DetectorContext } from "./detector.ts";
export { detectorNamed, detectors } from "./registry.ts";
