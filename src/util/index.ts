export {
  expectChoice,
  expectFinite,
  expectInteger,
  expectNonNegative,
  expectPositive,
  expectRange,
  nearest,
} from "./assert.ts";
export { cpuName } from "./cpu.ts";
export { type CsvRecord, parseCsv } from "./csv.ts";
export { type Defined, defined } from "./defined.ts";
export { cacheFolder, environmentVariable } from "./environment.ts";
export { CoppiceError, type CoppiceErrorOptions, type ErrorCode, invariant, messageOf, systemCode } from "./errors.ts";
export { appendLine, type FileContent, readJson, readText, writeFileAtomic, writeJson } from "./files.ts";
export { canonicalJson, type HashAlgorithm, hashFile, hashFileSync, jsonHash, sha256Hex } from "./hash.ts";
export { type FolderLock, lockFolder } from "./lock.ts";
export { RandomState } from "./random-state.ts";
export {
  type FileKind,
  fileKind,
  openRegularFile,
  readProblem,
  readRegularFile,
  readRegularFileAsync,
  regularFilePieces,
  regularFileSize,
  streamRegularFile,
} from "./regular-file.ts";
export { printable, printableLines, shown } from "./shown.ts";
export { deriveSeed, randomStateFor } from "./seed.ts";
