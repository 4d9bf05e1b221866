/** Hashes, commands and settings as people read or copy them. */

/** The first digits of a hash, enough to tell two apart by eye. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}

/** A command line that a POSIX shell takes as the same arguments. */
export function shellCommand(command: readonly string[]): string {
  return command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");
}

/** Options of a method: `lr 0.01, gamma 0.0001`; nothing of none. */
export function optionList(options: Readonly<Record<string, unknown>>): string {
  return Object.entries(options)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
}
