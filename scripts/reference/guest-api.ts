/** One declaration with its comment and its members. */
interface Declared {
  readonly comment: string;
  /** The source text without the body. */
  readonly head: string;
  readonly members: readonly Declared[];
}

/**
 * Renders the reference of the workflow API beyond the web platform as Markdown, from the file that declares it. It
 * relies on the output of the formatter: a declaration starts in the first column, and a member in the third.
 */
export function renderGuestApi(source: string): string {
  const [introduction = "", ...rest] = source.split(/(?<=\*\/\n)\n/);
  const declared = parse(rest.join("\n").split("\n"), "");
  return [
    "<!-- Generated from packages/workflow/src/workflow.d.ts by `npm run docs:reference`. -->",
    "",
    "# Guest API",
    "",
    commentText(introduction.split("\n")),
    "",
    "The rest of the platform is described in [The sandbox](sandbox.md).",
    ...declared.flatMap((each) => ["", ...renderDeclared(each)]),
    "",
  ].join("\n");
}

function renderDeclared({ comment, head, members }: Declared): readonly string[] {
  return [
    `## ${nameOf(head)}`,
    ...(comment === "" ? [] : ["", comment]),
    "",
    "```ts",
    members.length === 0 ? head : `${head} …`,
    "```",
    ...members.flatMap((member) => ["", ...renderMember(member)]),
  ];
}

function renderMember({ comment, head }: Declared): readonly string[] {
  const lines = ["```ts", head, "```", ...(comment === "" ? [] : ["", comment])];
  return [`- **\`${nameOf(head)}\`**`, "", ...lines.map((line) => (line === "" ? "" : indent(line)))];
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}

function nameOf(head: string): string {
  const [, name] =
    /^(?:export |declare )*(?:interface |type |function |global)?(?:readonly )?(\[?[\w$]*)/.exec(head) ?? [];
  if (name?.startsWith("[") === true) return "[name]";
  return head.startsWith("declare global") ? "fetch" : (name ?? "");
}

/** The declarations that start in a column. */
function parse(lines: readonly string[], column: string): readonly Declared[] {
  const found: Declared[] = [];
  let comment: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (!line.startsWith(column) || line.trim() === "") continue;
    const text = line.slice(column.length);
    if (text.startsWith("/**")) {
      const end = endOf(lines, at, (each) => each.trimEnd().endsWith("*/"));
      comment = lines.slice(at, end + 1);
      at = end;
      continue;
    }
    const end = endOfDeclaration(lines, at);
    const written = lines.slice(at, end + 1).map((each) => each.slice(column.length));
    found.push({ comment: commentText(comment), ...bodyOf(written, column) });
    comment = [];
    at = end;
  }
  return found;
}

function bodyOf(written: readonly string[], column: string): Pick<Declared, "head" | "members"> {
  const isHolder = /^(export interface|declare global)/.test(written[0] ?? "") && column === "";
  if (!isHolder || written.length < 3) return { head: written.join("\n"), members: [] };
  const inside = written.slice(1, -1);
  // The members of the interface within `declare global` are rendered as its own.
  const isGlobal = written[0]?.startsWith("declare global") === true;
  const members = isGlobal ? parse(inside.slice(2, -1), "    ") : parse(inside, "  ");
  return { head: (written[0] ?? "").replace(/ \{$/, ""), members };
}

/** The last line of a declaration that starts at `from`: the first `;` or `}` without an open bracket. */
function endOfDeclaration(lines: readonly string[], from: number): number {
  let open = 0;
  return endOf(lines, from, (line) => {
    open += (line.match(/[({[]/g)?.length ?? 0) - (line.match(/[)}\]]/g)?.length ?? 0);
    return open === 0 && /[;}]$/.test(line);
  });
}

function endOf(lines: readonly string[], from: number, isLast: (line: string) => boolean): number {
  for (let at = from; at < lines.length; at += 1) if (isLast(lines[at] ?? "")) return at;
  return lines.length - 1;
}

/** The comment without its stars. Each `@throws` becomes an entry of a list. */
function commentText(lines: readonly string[]): string {
  return lines
    .map((line) => line.replace(/^\s*\/\*\*\s?|\s*\*\/$/g, "").replace(/^\s*\*\s?/, ""))
    .join("\n")
    .replaceAll(/^@throws (?:\{(\w+)\} )?/gm, (_all, name?: string) =>
      name === undefined ? "- Throws " : `- Throws \`${name}\` `,
    )
    .trim();
}
