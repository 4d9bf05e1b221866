/** Records to pages and tables. Loads no tensor library. */
export { renderScores, renderTimes, type TableFormat, tableFormats } from "./experiment-table.ts";
export { renderExperimentReport } from "./experiment-report.ts";
export { renderCleansingReport } from "./cleansing-report.ts";
export { renderCleansingCsv, renderCleansingTable } from "./cleansing-table.ts";
export { renderCleanseReport } from "./cleanse-report.ts";
export { cleanseVerdict } from "./cleanse-verdict.ts";
export { renderRunReport } from "./run-report.ts";
export type { RunReportInput } from "./run-report.ts";
export { renderSuiteReport } from "./suite-report.ts";
export { renderSuiteTable } from "./suite-table.ts";
export { suiteVerdict } from "./findings.ts";
export { renderTheoryReport, renderTheoryTable, theoryRows } from "./theory-report.ts";
export { renderTuneReport, renderTuneTable } from "./tune-report.ts";
export { renderTransferReport, renderTransferTable } from "./transfer-report.ts";
export { removalVerdict } from "./transfer-verdict.ts";
export { verdictOf } from "./verdict.ts";
export type { Verdict, VerdictLevel } from "./verdict.ts";
