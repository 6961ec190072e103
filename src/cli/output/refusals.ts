import { printableText } from "./printable.ts";

/** What a bulk operation refused: each reason once, with the executions that it applies to. */
export function refusalLines(
  items: readonly {
    readonly executionId: string;
    readonly error?: { readonly detail: string };
  }[],
): readonly string[] {
  const refused = items.flatMap(({ executionId, error }) =>
    error === undefined
      ? []
      : [{ executionId, reason: error.detail.replaceAll(`execution "${executionId}"`, "the execution") }],
  );
  return [...Map.groupBy(refused, ({ reason }) => reason)].flatMap(([reason, [first, ...others]]) => {
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    return printableText(`${first?.executionId}${more}: ${reason}`).split("\n").map(indented);
  });
}

function indented(line: string, number: number): string {
  return number === 0 ? line : `  ${line}`;
}
