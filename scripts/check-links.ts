import { readFileSync, readdirSync, existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Finds broken links in a folder's Markdown files: links to a missing file, or to a heading that the target does
 * not have. Links to the web are not checked.
 */
export interface BrokenLink {
  /** Relative to the folder. */
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  readonly link: string;
}

export function findBrokenLinks(root: string): readonly BrokenLink[] {
  return markdownFiles(root).flatMap((file) =>
    linksOf(readFileSync(file, "utf8"))
      .filter(({ link }) => !isResolved(file, link))
      .map(({ line, link }) => ({ file: relative(root, file), line, link })),
  );
}

const skippedFolders: ReadonlySet<string> = new Set(["node_modules", "data", ".git", ".vitest", "coverage"]);

function markdownFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : markdownFiles(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

/** `[text](target)` with an optional title, `[name]: target` and `href="target"`. */
const linkPatterns = [
  /\[[^\]]*\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/g,
  /^\s{0,3}\[[^\]]+\]:\s*<?([^\s>]+)>?/g,
  /\bhref="([^"]+)"/g,
];

function linksOf(markdown: string): readonly { readonly line: number; readonly link: string }[] {
  return withoutCode(markdown).flatMap((text, index) =>
    linkPatterns.flatMap((pattern) =>
      Array.from(text.matchAll(pattern), ([, link = ""]) => ({ line: index + 1, link })),
    ),
  );
}

/** The lines with fenced blocks and code spans replaced by blanks. */
function withoutCode(markdown: string): readonly string[] {
  let fence: string | undefined;
  return markdown.split("\n").map((line) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence) === true) fence = undefined;
      return "";
    }
    fence = mark;
    return mark === undefined ? line.replaceAll(/(`+)[^`]*\1/g, "") : "";
  });
}

function isResolved(file: string, link: string): boolean {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return true;
  const [path = "", anchor] = link.split("#", 2).map(decodeURIComponent);
  const target = path === "" ? file : resolve(dirname(file), path);
  if (!existsSync(target)) return false;
  if (anchor === undefined || anchor === "" || !target.endsWith(".md")) return true;
  return statSync(target).isFile() && anchorsOf(readFileSync(target, "utf8")).has(anchor);
}

/**
 * The anchors that GitHub generates for headings: `## What it is` is `what-it-is`, and a second one `what-it-is-1`.
 */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  const isCode = withoutCode(markdown).map((line) => line === "");
  for (const [index, line] of markdown.split("\n").entries()) {
    const heading = isCode[index] === true ? undefined : /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (heading !== undefined) anchors.add(unusedAnchor(slugOf(heading), anchors));
  }
  return anchors;
}

function slugOf(heading: string): string {
  const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}\s_-]/gu, "")
    .replaceAll(" ", "-");
}

function unusedAnchor(slug: string, taken: ReadonlySet<string>): string {
  let anchor = slug;
  for (let count = 1; taken.has(anchor); count += 1) anchor = `${slug}-${count}`;
  return anchor;
}

if (import.meta.main) {
  const broken = findBrokenLinks(fileURLToPath(new URL("..", import.meta.url)));
  for (const { file, line, link } of broken) {
    process.stderr.write(`${file}:${line}: the link "${link}" leads nowhere\n`);
  }
  process.exitCode = broken.length === 0 ? 0 : 1;
}
