import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The phrases and names that the glossary replaced. */
export interface BannedWords {
  readonly phrases: readonly BannedPhrase[];
  /** Former identifiers, codes and variables, each with its present name. They match whole and with their case. */
  readonly names: Readonly<Record<string, string>>;
}

export interface BannedPhrase {
  /** A regular expression for whole words in any case. A space also matches the line break of a comment. */
  readonly pattern: string;
  readonly instead: string;
}

export interface BannedUse {
  /** Counts from 1. */
  readonly line: number;
  readonly text: string;
  readonly instead: string;
}

/** Recorded or generated files, and those that list the banned words. */
const skipped: readonly string[] = [
  "bench/results/",
  "package-lock.json",
  "scripts/banned-words.json",
  "scripts/packages/cases/",
  "test/golden/",
  "test/words.test.ts",
];

const checkedFiles = /\.(ts|tsx|js|mjs|md|json|yml|toml|wit|css|html)$/;

export function isChecked(path: string): boolean {
  return checkedFiles.test(path) && !skipped.some((prefix) => path.startsWith(prefix));
}

export function findBannedWords(content: string, banned: BannedWords): readonly BannedUse[] {
  const phrases = banned.phrases.flatMap(({ pattern, instead }) =>
    usesOf(phraseExpression(pattern), content, () => instead),
  );
  const names = usesOf(nameExpression, content, (name) =>
    Object.hasOwn(banned.names, name) ? banned.names[name] : undefined,
  );
  return [...phrases, ...names].toSorted((one, other) => one.line - other.line);
}

/** Between two words there may be a line break with the mark of a comment or of a quotation. */
function phraseExpression(pattern: string): RegExp {
  return new RegExp(`(?<!\\w)(?:${pattern.replaceAll(" ", "[\\s*/#>]+")})(?!\\w)`, "gi");
}

/** Identifiers, error codes, entry names of one word. */
const nameExpression = /(?<![\w$-])[\w$]+(?:-\w+)*(?![\w$-])/g;

function usesOf(
  expression: RegExp,
  content: string,
  insteadOf: (text: string) => string | undefined,
): readonly BannedUse[] {
  return Array.from(content.matchAll(expression)).flatMap(({ 0: text, index }) => {
    const instead = insteadOf(text);
    if (instead === undefined) return [];
    const line = content.slice(0, index).split("\n").length;
    return [{ line, text: text.replaceAll(/[\s*/#>]+/g, " "), instead }];
  });
}

export function readBannedWords(): BannedWords {
  return JSON.parse(readFileSync(new URL("banned-words.json", import.meta.url), "utf8")) as BannedWords;
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const banned = readBannedWords();
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const path of listed.split("\n").filter(isChecked)) {
    if (!existsSync(join(root, path))) continue;
    const content = readFileSync(join(root, path), "utf8");
    for (const { line, text, instead } of findBannedWords(content, banned)) {
      process.stderr.write(`${path}:${line}: "${text}" is banned. Use: ${instead}\n`);
      process.exitCode = 1;
    }
  }
}
