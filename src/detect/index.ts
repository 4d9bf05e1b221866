/** Detectors of poisoned training images. */
export {
  type CallableDetector,
  defineDetector,
  type Detection,
  type Detector,
  type DetectorChoice,
  type DetectorContext,
  type DetectorDefinition,
} from "./detector.ts";
export { detectorNamed, detectorRegistry, detectors } from "./registry.ts";
