export { type ForgetList, type ListTask, readForgetList } from "./forget-list.ts";
