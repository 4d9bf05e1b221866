export { type IdsOptions, readIds } from "./read-ids.ts";
export { type ForgetList, readForgetList } from "./forget-list.ts";
