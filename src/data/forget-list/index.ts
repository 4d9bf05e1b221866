export { type IdsOptions, readIds } from "./read-ids.ts";
export { type ForgetList, type HeldOut, type ListTask, readForgetList } from "./forget-list.ts";
