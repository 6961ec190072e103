/**
 * What others have said, made fit for a terminal: a server, a workflow or the name of a key must not move the
 * cursor, change colours or the clipboard, or turn the reading direction around.
 */

/** On one line: what is not printable is shown as an escape, as JSON has it. */
export function printableLine(text: string): string {
  return text.replaceAll(unprintable, escapeCharacter);
}

/** As it is broken into lines. */
export function printableText(text: string): string {
  return text.replaceAll("\r\n", "\n").split("\n").map(printableLine).join("\n");
}

/** JSON, which it stays: what is not printable can only be in its strings. */
export function printableJson(value: unknown, indent?: number): string {
  return printableText(JSON.stringify(value, undefined, indent) ?? "null");
}

/** As much of a text as fits, with "…" where something is missing. */
export function shortened(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, Math.max(0, length - 1)).join("")}…`;
}

/** Controls, line and paragraph separators, what is invisible and directs, halves of surrogate pairs. A tab is fine. */
const unprintable = /(?![\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

function escapeCharacter(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
