import { readFile } from "node:fs/promises";

/** A pattern of the list in `docs/reference/sandbox.md`, in which `*` is anything and `?` one character. */
export interface Listed {
  readonly pattern: string;
  /** Whether it stands for a difference: its label alone, or its label and what it came to in both. */
  readonly matches: (difference: Difference) => boolean;
}

export interface Difference {
  readonly label: string;
  readonly sandbox: string;
  readonly node: string;
}

/** As patterns have it. */
export function textOf({ label, sandbox, node }: Difference): string {
  return `${label}: ${sandbox}; in Node ${node}`;
}

/** The patterns of the section "Differences from Node". */
export async function readListedDifferences(): Promise<readonly Listed[]> {
  const text = await readFile(new URL("../../../docs/reference/sandbox.md", import.meta.url), "utf8");
  const section = text.split("\n## ").find((part) => part.startsWith("Differences from Node")) ?? "";
  const cells = [...section.matchAll(/^\|([^|]*`[^|]*)\|/gm)].map(([, cell = ""]) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)]).map(([, pattern = ""]) => listed(pattern));
}

function listed(pattern: string): Listed {
  const source = pattern
    .split("*")
    .map((part) =>
      part
        .split("?")
        .map((text) => RegExp.escape(text))
        .join("."),
    )
    .join(".*");
  const whole = new RegExp(`^${source}$`, "s");
  const isOfLabels = !pattern.includes("; in Node ");
  return { pattern, matches: (difference) => whole.test(isOfLabels ? difference.label : textOf(difference)) };
}
