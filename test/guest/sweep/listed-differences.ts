import { readFile } from "node:fs/promises";

/** A row of the list in `docs/sandbox.md`: patterns of labels, in which `*` is anything and `?` one character, and what differs. */
export interface Listed {
  readonly pattern: string;
  readonly matches: (label: string) => boolean;
}

/** The patterns of the section "Differences from Node". */
export async function readListedDifferences(): Promise<readonly Listed[]> {
  const text = await readFile(new URL("../../../docs/sandbox.md", import.meta.url), "utf8");
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
  return { pattern, matches: (label) => whole.test(label) };
}
