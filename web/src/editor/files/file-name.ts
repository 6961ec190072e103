import { maxFileNameLength } from "#domain/limits.ts";

/** Why a file cannot have this name, as a sentence; `undefined` where it can. The rules are those of a deploy, and one more. */
export function whyNotFileName(name: string, taken: Iterable<string>): string | undefined {
  if (name === "") return "A file needs a name.";
  if (name.length > maxFileNameLength) return `A name has ${maxFileNameLength} characters at most.`;
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name)) return "A name has no control characters.";
  if (name.includes("\\")) return 'Separate folders by "/".';
  if (/^[A-Za-z]:/.test(name) || name.startsWith("/")) return "Use a relative path, as lib/tax.ts.";
  if (name.split("/").some((segment) => forbidden.includes(segment))) {
    return 'Leave out empty parts, "." and ".." between the slashes.';
  }
  return whyNotBeside(name, taken) ?? whyNotImported(name);
}

/** What has no extension can be deployed, and no import finds it. */
function whyNotImported(name: string): string | undefined {
  if (/\.[^./]+$/.test(name)) return undefined;
  return "Give it an extension, as in lib/tax.ts: an import does not find a file without one.";
}

/** A path cannot be both a file and a folder. */
function whyNotBeside(name: string, taken: Iterable<string>): string | undefined {
  for (const path of taken) {
    if (path === name) return `There is a file ${name} already.`;
    if (path.startsWith(`${name}/`)) return `${name} is a folder already.`;
    if (name.startsWith(`${path}/`)) return `${path} is a file, and cannot have files in it.`;
  }
  return undefined;
}

const forbidden = ["", ".", "..", "__proto__"];
