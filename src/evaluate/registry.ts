/** The metrics by name. */
import { retainAccuracy, testAccuracy, unlearningAccuracy } from "./accuracy.ts";
import { attackSuccess, attackSuccessReference, robustAccuracy } from "./attack-success.ts";
import { defenceEffectiveness } from "./defence-effectiveness.ts";
import { membershipEfficacy } from "./membership-efficacy.ts";
import { membershipPrivacy } from "./membership-privacy.ts";
import type { MetricInfo } from "./metric.ts";
import { disparityAverage } from "./oracle-gap.ts";
import { runTime } from "./run-time.ts";
import { weightDistance } from "./weight-distance.ts";

export const metrics: readonly MetricInfo[] = [
  unlearningAccuracy,
  membershipEfficacy,
  retainAccuracy,
  testAccuracy,
  runTime,
  disparityAverage,
  membershipPrivacy,
  weightDistance,
  attackSuccess,
  attackSuccessReference,
  robustAccuracy,
  defenceEffectiveness,
];
