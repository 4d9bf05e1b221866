/** Records to pages and tables. Loads no tensor library. */
export { renderScores, renderTimes, type TableFormat, tableFormats } from "./experiment/experiment-table.ts";
export { renderExperimentReport } from "./experiment/experiment-report.ts";
export { experimentSummary } from "./experiment/experiment-summary.ts";
export { renderCleansingReport } from "./backdoor/cleansing-report.ts";
export { renderCleansingCsv, renderCleansingTable } from "./backdoor/cleansing-table.ts";
export { renderCleanseReport } from "./backdoor/cleanse-report.ts";
export { renderCleanseSeriesReport } from "./backdoor/cleanse-series-report.ts";
export { renderCleanseSeriesCsv, renderCleanseSeriesTable } from "./backdoor/cleanse-series-table.ts";
export { cleanseSeriesVerdict } from "./backdoor/cleanse-series-verdict.ts";
export { cleanseVerdict } from "./backdoor/cleanse-verdict.ts";
export { renderRunReport } from "./run/run-report.ts";
export type { RunReportInput } from "./run/run-report.ts";
export { renderTheoryReport, renderTheoryTable, theoryRows } from "./theory/theory-report.ts";
export { renderTuneReport, renderTuneTable } from "./tune/tune-report.ts";
export { renderTransferReport, renderTransferTable } from "./transfer/transfer-report.ts";
export { removalVerdict } from "./transfer/transfer-verdict.ts";
export { verdictOf } from "./run/verdict.ts";
export type { Verdict, VerdictLevel } from "./run/verdict.ts";
