/** Backdoor attacks, and data sets poisoned by them. */
export type { Attack, AttackOption, AttackOptions, Trigger } from "./attack.ts";
export {
  type PoisonedData,
  poisonDataset,
  type PoisonRequest,
  poisonTruth,
  type PoisonTruth,
  resolvePoison,
  triggeredTest,
} from "./poison.ts";
export { attackNamed, attacks } from "./registry.ts";
