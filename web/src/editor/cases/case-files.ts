import { changeFile, type Draft } from "../../drafts/draft.ts";
import { whyNotFileName } from "../files/file-name.ts";

/**
 * A case: a recording in a file of the draft, with its payload, its answers and the expected outcome. So it is saved,
 * deployed and compared with the source, and `npx duranium replay` runs it too.
 */
export interface Case {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

const folder = "tests/";
const extension = ".json";

/** The cases of a draft, by name. */
export function casesOf({ files }: Pick<Draft, "files">): readonly Case[] {
  return Object.entries(files)
    .filter(([path, text]) => isCase(path, text))
    .map(([path, text]) => ({ name: path.slice(folder.length, -extension.length), path, text }))
    .toSorted((one, other) => one.name.localeCompare(other.name, "en", { numeric: true }));
}

function isCase(path: string, text: string): boolean {
  return path.startsWith(folder) && path.endsWith(extension) && text.includes('"duranium-recording/');
}

/** Why a case cannot have this name, as a sentence. */
export function whyNotCaseName(name: string, { files }: Pick<Draft, "files">): string | undefined {
  if (name.trim() === "") return "Enter a name.";
  if (/[^\p{L}\p{N} ._-]/u.test(name)) return 'Use letters, digits, spaces, ".", "_" and "-".';
  return Object.hasOwn(files, pathOf(name))
    ? `A case named ${name.trim()} already exists.`
    : whyNotFileName(pathOf(name), Object.keys(files));
}

export function withCase(draft: Draft, name: string, recording: unknown): Draft {
  return changeFile(draft, pathOf(name), `${JSON.stringify(recording, undefined, 2)}\n`);
}

function pathOf(name: string): string {
  return `${folder}${name.trim()}${extension}`;
}
