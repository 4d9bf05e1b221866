/** Numbers, shares, times, names and parts of sentences as people read them: the one place that writes them. Records hold plain numbers. */
export { denseDuration, duration, utc } from "./durations.ts";
export { meanInPoints, meanWithInterval } from "./means.ts";
export { optionList, shellCommand, shortHash } from "./names.ts";
export { factor, integer, loss, signed } from "./numbers.ts";
export { listing, plural, sentence } from "./sentences.ts";
export {
  intervalCell,
  percent,
  percentCell,
  percentTenths,
  points,
  pointsCell,
  rangeCell,
  shortPercent,
  sparsityName,
} from "./shares.ts";
