/** Backdoor attacks, and data sets poisoned by them. */
export { type Attack, type AttackDefinition, type AttackOptions, defineAttack, type Trigger } from "./attack.ts";
export {
  type PoisonedData,
  poisonDataset,
  type PoisonRequest,
  poisonTruth,
  type PoisonTruth,
  resolvePoison,
  triggeredTest,
} from "./poison.ts";
export { attackNamed, attackRegistry, attacks } from "./registry.ts";
