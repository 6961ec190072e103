import { maxFileNameLength } from "#domain/limits.ts";

/** Why a file name is invalid, as a sentence; `undefined` if it is valid. The rules of a deploy, and one more. */
export function whyNotFileName(name: string, taken: Iterable<string>): string | undefined {
  if (name === "") return "Enter a file name.";
  if (name.length > maxFileNameLength) return `Use at most ${maxFileNameLength} characters.`;
  // oxlint-disable-next-line no-control-regex -- the pattern matches control characters
  if (/[\u0000-\u001f\u007f]/.test(name)) return "Control characters are not allowed.";
  if (name.includes("\\")) return 'Separate folders with "/".';
  if (/^[A-Za-z]:/.test(name) || name.startsWith("/")) return "Use a relative path such as lib/tax.ts.";
  if (name.split("/").some((segment) => forbidden.includes(segment))) {
    return 'Path segments must not be empty, "." or "..".';
  }
  return whyNotBeside(name, taken) ?? whyNotImported(name);
}

/** A file without an extension can be deployed but not imported. */
function whyNotImported(name: string): string | undefined {
  if (/\.[^./]+$/.test(name)) return undefined;
  return "Add an extension such as .ts. Imports do not find files without one.";
}

/** A path cannot be both a file and a folder. */
function whyNotBeside(name: string, taken: Iterable<string>): string | undefined {
  for (const path of taken) {
    if (path === name) return `File ${name} already exists.`;
    if (path.startsWith(`${name}/`)) return `${name} is a folder.`;
    if (name.startsWith(`${path}/`)) return `${path} is a file and cannot contain files.`;
  }
  return undefined;
}

const forbidden = ["", ".", "..", "__proto__"];
