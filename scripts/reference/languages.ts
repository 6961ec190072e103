/** A row of the table of what workflows of every language can do: `test/languages` tests it. */
export interface DocumentedBehaviour {
  readonly area: string;
  readonly title: string;
  readonly shown: { readonly typescript: string; readonly python: string };
  /** Why the languages differ, as a sentence. */
  readonly differs?: string;
}

/** Renders the table as Markdown, with the notes on what differs below each part. */
export function renderLanguages(behaviours: readonly DocumentedBehaviour[]): string {
  const areas = Map.groupBy(behaviours, ({ area }) => area);
  return [
    "<!-- Generated from test/languages/behaviours by `npm run docs:reference`. -->",
    "",
    introduction,
    ...[...areas].flatMap(([area, rows]) => [
      "",
      `## ${area === "fetch" ? "Requests" : area}`,
      "",
      ...renderArea(rows),
    ]),
    "",
  ].join("\n");
}

function renderArea(rows: readonly DocumentedBehaviour[]): readonly string[] {
  const notes = rows.flatMap(({ title, differs }) =>
    differs === undefined ? [] : [`- ${title}: ${differs}`],
  );
  return [
    "| behaviour | TypeScript | Python |",
    "| --- | --- | --- |",
    ...rows.map(({ title, shown }) => `| ${title} | ${cell(shown.typescript)} | ${cell(shown.python)} |`),
    ...(notes.length === 0 ? [] : ["", "What differs:", "", ...notes]),
  ];
}

/** Code, unless it is a sentence that contains some. */
function cell(text: string): string {
  const escaped = text.replaceAll("|", "\\|");
  return text.includes("`") ? escaped : `\`${escaped}\``;
}

const introduction = `# Languages

For authors. What a workflow can do, in each language: every row is a test that runs the same workflow in both, on a real
installation, and expects one outcome. It runs plainly, and again with Restate replaying the execution at every await. Where
the languages differ, a note says how.

Python needs its engine: [adding Python](../operating/adding-python.md). Details are in the [guest API](guest-api.md) and in
[limits and fuel](limits.md).`;
