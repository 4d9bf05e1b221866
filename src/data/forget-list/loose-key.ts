/** What a text comes to when everything is left out in which two writings of one id may differ. It only ever warns: nothing is found by it. */

/** Nobody sees these, or they turn the direction of what is read. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** Blanks, quotes, brackets and what separates values. */
const atEnds = /[\s"'`\u00b4\u02b9-\u02bf\u2032-\u2037\p{Pi}\p{Pf}\p{Ps}\p{Pe}<>;,:|]/u;
/** Before what may follow an id: a query, a fragment, the next cell, the next line. */
const marks = ["?", "#", ",", ";", "|", "\t", "\n"];

/**
 * Equal for texts that differ only in Unicode form, hidden characters, percent-encoding, quotes, brackets or separators at the ends, kinds of dashes and
 * slashes, case, blanks, leading zeros of numbers, and how a spreadsheet writes a whole number.
 */
export function looseText(text: string): string {
  return folded(decoded(text));
}

/** {@link looseText} of a file's name without its folders and its ending. */
export function looseKey(id: string): string {
  return nameIn(decoded(id));
}

/** The keys that a listed text may have: of the whole, and of what stands before a mark, where something may follow the id. None is empty. */
export function looseKeysOfListed(text: string): readonly string[] {
  const whole = decoded(text);
  const ends = marks.flatMap((mark) => [whole.indexOf(mark), whole.lastIndexOf(mark)]).filter((end) => end > 0);
  const beginnings = [...new Set(ends)].map((end) => whole.slice(0, end));
  return [...new Set([whole, ...beginnings].map(nameIn))].filter((key) => key !== "");
}

/** In compatible Unicode form, with percent-encoded characters as themselves, also where they were encoded twice. */
function decoded(text: string): string {
  return withoutEscapes(withoutEscapes(text)).normalize("NFKC");
}

function withoutEscapes(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded; // not UTF-8: it stands for itself
    }
  });
}

function nameIn(text: string): string {
  const path = folded(text).replace(/\/+$/, "");
  return folded(path.slice(path.lastIndexOf("/") + 1).replace(/\.[a-z][a-z0-9]{0,4}$/, ""));
}

function folded(text: string): string {
  const plain = text
    .replace(/[\t\n\r]/g, " ")
    .replace(hidden, "")
    .replace(/[\p{Pd}\u2212]/gu, "-");
  const inner = withoutEnds(plain.replaceAll("\\", "/").replace(/\s+/g, " "));
  return plainNumber(inner.toUpperCase().toLowerCase()).replace(/(?<!\d)0+(?=\d)/g, "");
}

/** By hand: an expression would try each run of blanks within the text again and again. */
function withoutEnds(text: string): string {
  let [begin, end] = [0, text.length];
  while (begin < end && atEnds.test(text.charAt(begin))) begin++;
  while (end > begin && (atEnds.test(text.charAt(end - 1)) || text.charAt(end - 1) === ".")) end--;
  return text.slice(begin, end);
}

/** `104.0`, `104,0`, `+104` and `1.04e2` as `104`. */
function plainNumber(text: string): string {
  const whole = text.replace(/^([+-]?\d+)[.,]0+$/, "$1");
  if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/.test(whole) || !Number.isSafeInteger(Number(whole))) return whole;
  return String(Number(whole));
}
