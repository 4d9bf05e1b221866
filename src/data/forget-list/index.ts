export { type ForgetList, readForgetList } from "./forget-list.ts";
