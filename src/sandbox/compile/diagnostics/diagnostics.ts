import type { Message } from "esbuild";
import type { Diagnostic } from "../../../domain/errors.ts";
import { fileNameOf, isMarked } from "../resolution/module-type.ts";

/** The namespace of the author's files, which esbuild writes before their paths. */
export const authorNamespace = "workflow";

/** The namespace of the values that "duranium" exports. */
export const helpersNamespace = "helpers";

/** What the plugin adds to its messages. */
export interface MessageDetail {
  readonly hint?: string | undefined;
}

/** Converts a message of esbuild for the author. */
export function toDiagnostic(message: Message): Diagnostic {
  const known = knownMessages.find(({ pattern }) => pattern.test(message.text));
  const given = (message.detail as MessageDetail | undefined)?.hint ?? noteOf(message);
  return {
    message: known?.message ?? withAuthorPaths(message.text),
    hint: known?.hint ?? given ?? "Correct this line and deploy again",
    ...placeOf(message),
  };
}

/** One line about the first diagnostic: `Unexpected ";" (orders.ts:3:14), and 2 more`. */
export function summarize([first, ...rest]: readonly Diagnostic[]): string {
  if (first === undefined) return "no reason is known";
  const place = [first.file, first.line, first.column].filter((part) => part !== undefined).join(":");
  const more = rest.length === 0 ? "" : `, and ${rest.length} more`;
  return `${first.message}${place === "" ? "" : ` (${place})`}${more}`;
}

/** Returns the author's path from one that esbuild shows; `undefined` if it is not a file of the author. */
export function authorPath(name: string): string | undefined {
  return name.startsWith(prefix) ? fileNameOf(name.slice(prefix.length)) : undefined;
}

const prefix = `${authorNamespace}:`;

function withAuthorPaths(text: string): string {
  return text.replaceAll(/"(workflow:[^"]+)"/g, (_, name: string) => `"${authorPath(name)}"`);
}

/** esbuild's note about the reason. For some files it is about something other than their extension. */
function noteOf({ notes: [note], location }: Message): string | undefined {
  const isModuleByType = isMarked((location?.file ?? "").slice(prefix.length));
  const byExtension = 'the file name ends in ".mjs"';
  return isModuleByType
    ? note?.text.replace(byExtension, 'the nearest package.json has "type": "module"')
    : note?.text;
}

/** The part of a line that a diagnostic shows: minified code has very long lines. */
export function shownLine(lineText: string): { readonly lineText?: string } {
  return lineText.length <= maxLineLength ? { lineText } : {};
}

const maxLineLength = 500;

/** esbuild gives these messages no ids, and they refer to options that an author does not have. */
const knownMessages = [
  {
    pattern: new RegExp(`^No matching export in "${helpersNamespace}:duranium" for import `),
    message: 'Cannot import this value from "duranium": it has `retry`, `mapConcurrent`, and types',
    hint: 'Write `import type { … } from "duranium"` for types; what else a workflow can do is in its `ctx`',
  },
  {
    pattern: /^Top-level await /,
    message: "The top level of a workflow cannot use await",
    hint: "Move the await into run(ctx, payload). The top level is evaluated once, when the workflow is deployed",
  },
  {
    pattern: /^(?:Could not resolve|The glob pattern) (?:import|require)\(/,
    message: "Cannot import a computed path",
    hint: "Import each file by a literal path, and choose among them in code",
  },
];

/** esbuild counts columns in bytes from 0; editors count characters from 1. */
function placeOf({ location }: Message): Pick<Diagnostic, "file" | "line" | "column" | "lineText"> {
  const file = location === null ? undefined : authorPath(location.file);
  if (location === null || file === undefined) return {};
  const { line, lineText } = location;
  const before = new TextDecoder().decode(new TextEncoder().encode(lineText).subarray(0, location.column));
  return { file, line, column: before.length + 1, ...shownLine(lineText) };
}
