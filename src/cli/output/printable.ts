/**
 * Escapes untrusted text for a terminal: text from a server, a workflow or the name of a key must not move the cursor, change colours or the clipboard, or reverse the reading direction.
 */

/** Text on one line, with JSON escapes for unprintable characters. */
export function printableLine(text: string): string {
  return text.replaceAll(unprintable, escapeCharacter);
}

/** Text that keeps its line breaks. */
export function printableText(text: string): string {
  return text.replaceAll("\r\n", "\n").split("\n").map(printableLine).join("\n");
}

/** JSON that stays valid: unprintable characters only occur in its strings. */
export function printableJson(value: unknown, indent?: number): string {
  return printableText(JSON.stringify(value, undefined, indent) ?? "null");
}

/** Truncates a text, with "…" at its end. */
export function shortened(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, Math.max(0, length - 1)).join("")}…`;
}

/** Control characters except tabs, line and paragraph separators, invisible format characters, lone surrogates. */
const unprintable = /(?![\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

function escapeCharacter(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
