/**
 * The payload that a workflow takes, as a form to fill in: `{ "email": …, "amount": … }`, or `…` if its parts are not
 * named. `undefined` if its `run` takes none. It is a hint for people, read from the text without a parser; if `run` is
 * not declared in this file, it may take a payload, so the result is `…`.
 *
 * @param source of the file that exports `run`
 */
export function payloadHint(source: string): string | undefined {
  const found =
    /\bexport\s+(?:async\s+)?function\s*\*?\s*run\s*(?:<[^(]*>)?\(/.exec(source) ??
    /^(?:async +)?def +run *\(/m.exec(source) ??
    runAsConstant(source);
  if (found === null) return "…";
  const [, payload] = splitAtCommas(source.slice(found.index + found[0].length));
  if (payload === undefined) return undefined;
  if (!payload.startsWith("{")) return /:\s*str(?:ing)?$/.test(payload) ? '"…"' : "…";
  const names = splitAtCommas(payload.slice(1)).flatMap((part) => /^["']?([\w$-]+)/.exec(part)?.[1] ?? []);
  return names.length === 0 ? "{ … }" : `{ ${names.map((name) => `"${name}": …`).join(", ")} }`;
}

function runAsConstant(source: string): RegExpExecArray | null {
  return /\bexport\s+const\s+run\b[^=]*=\s*(?:async\s*)?\(/.exec(source);
}

/** The parts of a list up to its closing bracket, without empty ones. */
function splitAtCommas(text: string): readonly string[] {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if ("([{".includes(character)) depth += 1;
    if (")]}".includes(character)) depth -= 1;
    if (depth < 0) break;
    if (character === "," && depth === 0) parts.push("");
    else parts.push(`${parts.pop()}${character}`);
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}
