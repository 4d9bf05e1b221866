/** The support-vector classifier behind the membership attacks. */
export { fitSvc, svcDecision, type SvcModel, type SvcOptions } from "./svc.ts";
